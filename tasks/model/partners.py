"""A partner for whom something waits."""

from dataclasses import dataclass

from tasks.model.messages import Terms


@dataclass(frozen=True, slots=True)
class DuePartner:
    """A partner's key, name and terms as the journal has them."""

    partner_key: int
    name: str
    terms: Terms
