"""Whom a round publishes to, and what became of it."""

from dataclasses import dataclass, field

from blocks.outbound import Outbound
from tasks.model.portals import Portal
from tasks.publication.delivering import Sent
from tasks.publication.differences import Verified
from tasks.publication.forming import Formed
from tasks.publication.planning import PublicationPlan


@dataclass(frozen=True, slots=True)
class Target:
    """A portal and the way to it."""

    portal: Portal
    channel: Outbound
    is_asked: bool = False  # a person wants it now: no waiting after failures
    is_full: bool = False  # everything once more, for a portal that lost what it held
    plan: PublicationPlan | None = None  # do exactly this, or nothing


@dataclass(slots=True)
class Published:
    """What became of a round over portals."""

    formed: list[Formed] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    verified: list[Verified] = field(default_factory=list)
    unasked: dict[str, str] = field(default_factory=dict)  # portal: why it could not be verified
    failures: dict[str, str] = field(default_factory=dict)  # portal: the fault in a sentence
