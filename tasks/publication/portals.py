"""Which portals are due: partners' blocks, as people edit them, made known to the journal."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from blocks.partner import Inbound, Partner
from blocks.warehouse import Warehouse
from tasks.journal.admission import admit_partner
from tasks.model.portals import Limits, Portal, Selection
from tasks.publication.desk import EXCHANGE
from tasks.publication.targets import Target


@dataclass(slots=True)
class Due:
    """Portals that are due, and those that are passed over, each with its reason."""

    targets: list[Target] = field(default_factory=list)
    passed_over: dict[str, str] = field(default_factory=dict)


def portal_of(partner: Partner, partner_key: int) -> Portal:
    """Return the terms on which a partner's block says that it sees a catalog."""
    chosen = partner.publication
    return Portal(
        partner_key,
        partner.name,
        Selection(
            source=chosen.source,
            groups=tuple(chosen.groups),
            price_types=tuple(chosen.price_types),
            warehouses=tuple(chosen.warehouses),
            fields=tuple(chosen.fields),
            kinds=tuple(chosen.kinds),
            tree=chosen.tree,
            pricing=chosen.pricing,
            rate_age_days=chosen.rate_age_days,
        ),
        dialect=chosen.dialect,
        encoding=chosen.encoding,
        has_bom=chosen.has_bom,
        has_namespace=chosen.has_namespace,
        time_zone=partner.time_zone,
        renames=chosen.renames,
        limits=Limits(partner.deletion_share_max, partner.deletion_count_max),
    )


def find_due(
    partners: Sequence[Partner],
    warehouse: Warehouse,
    asked: str = "",
    *,
    is_full: bool = False,
    is_all: bool = False,
) -> Due:
    """Find the portals to publish to now; `asked` names the only one, due or not.

    With `is_all` every one of them is found, whether anything is due or not.

    A partner that is not active is passed over with its reason.
    """
    due = Due()
    for partner in partners:
        if asked and partner.name != asked:
            continue
        if reason := _why_not(partner, warehouse):
            if asked or partner.publishes:
                due.passed_over[partner.name] = reason
            continue
        with warehouse.transaction("admit_portal") as transaction:
            partner_key = admit_partner(transaction, partner)
            row = transaction.one(
                "publication/is_due",
                partner_key=partner_key,
                exchange=EXCHANGE,
                every_min=partner.publication.every_min,
            )
        if (asked or is_all or row["is_due"]) and not isinstance(partner.channel, Inbound):
            portal = portal_of(partner, partner_key)
            due.targets.append(
                Target(portal, partner.channel, is_asked=bool(asked), is_full=is_full)
            )
    if asked and asked not in {partner.name for partner in partners}:
        due.passed_over[asked] = "there is no Partner block of that name"
    return due


def _why_not(partner: Partner, warehouse: Warehouse) -> str:
    if not partner.publishes:
        return "nothing goes out to it: its direction, channel or publication's source says so"
    if partner.state != "active":
        return f"its block says {partner.state}, only an active partner is exchanged with"
    with warehouse.transaction("select_source") as transaction:
        if not transaction.run("select_partner", name=partner.publication.source):
            return f"its source {partner.publication.source!r} is not known: run admit, or mend it"
    return ""
