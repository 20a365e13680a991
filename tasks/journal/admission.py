"""Who may exchange with us: partners' blocks, as the people edit them, made known to the journal.

The gateway must let 1C in while Prefect is down, so it reads logins from the journal, where only
their argon2 hashes are. A block that is gone closes its door; nothing is ever deleted.
"""

from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from blocks.channel import GatewayDoor
from blocks.partner import Partner
from blocks.warehouse import Transaction, Warehouse
from tasks.model.messages import Terms

_HASHER = PasswordHasher()


def admit_partners(partners: Sequence[Partner], warehouse: Warehouse) -> int:
    """Make the journal know these partners and no other doors than theirs; return what changed."""
    with warehouse.transaction("admit_partners") as transaction:
        hashes = {row["login"]: row["password_hash"] for row in transaction.run("select_doors")}
        changed = sum(_admit(transaction, partner, hashes) for partner in partners)
        logins = [p.channel.login for p in partners if isinstance(p.channel, GatewayDoor)]
        return changed + transaction.count("close_other_doors", logins=logins)


def terms_of(partner: Partner) -> Terms:
    """Return what a partner's block says that bears on reading its files."""
    return Terms.from_json(partner.model_dump(include=set(Terms.__slots__), mode="json"))


def admit_partner(transaction: Transaction, partner: Partner) -> int:
    """Make the journal know one partner, without its door; return its key."""
    _upsert(transaction, partner)
    return int(transaction.one("select_partner", name=partner.name)["partner_key"])


def _admit(transaction: Transaction, partner: Partner, hashes: dict[str, str]) -> int:
    changed = _upsert(transaction, partner)
    if isinstance(partner.channel, GatewayDoor):
        changed += _open_door(transaction, partner, partner.channel, hashes)
    return changed


def _upsert(transaction: Transaction, partner: Partner) -> int:
    settings = terms_of(partner).as_json() | {
        "gateway": _door_terms(partner),
        "publication": partner.publication.model_dump(mode="json") if partner.publishes else {},
    }
    return transaction.count(
        "upsert_partner",
        name=partner.name,
        time_zone=partner.time_zone,
        state=partner.state,
        settings=settings,
    )


def _door_terms(partner: Partner) -> dict[str, object]:
    if not isinstance(partner.channel, GatewayDoor):
        return {}
    return partner.channel.model_dump(
        include={"encoding", "takes_zip", "file_limit", "strict_import"}, mode="json"
    )


def _open_door(
    transaction: Transaction, partner: Partner, door: GatewayDoor, hashes: dict[str, str]
) -> int:
    row = transaction.one("select_partner", name=partner.name)
    return transaction.count(
        "upsert_door",
        login=door.login,
        partner_key=row["partner_key"],
        password_hash=_hash(door.password.get_secret_value(), hashes.get(door.login)),
        is_open=door.is_open and partner.state != "closed",
    )


def _hash(password: str, held: str | None) -> str:
    """Hash a password anew only if the held hash is not of it: hashes are salted."""
    try:
        if held and _HASHER.verify(held, password):
            return held
    except VerificationError:
        pass
    return _HASHER.hash(password)
