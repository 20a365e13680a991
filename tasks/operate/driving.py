"""Old messages once more, by an operator: queue them, and see how they end."""

from dataclasses import dataclass

from blocks.warehouse import Warehouse
from tasks.journal.again import replay_message, replay_refusals, salvage_message
from tasks.journal.messages import read_closed
from tasks.model.messages import Closed


class FormError(ValueError):
    """The form does not say what is to be done; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Driven:
    """Messages that were queued for a partner."""

    partner: str
    message_keys: list[int]


def drive_message(warehouse: Warehouse, message_key: int) -> Driven:
    """Queue a message again as it was. Raises NothingToDriveError, FormError."""
    partner = _partner_of(warehouse, message_key)
    return Driven(partner, replay_message(warehouse, message_key))


def drive_refusals(warehouse: Warehouse, partner: str, cause: str) -> Driven:
    """Queue the open refusals of a cause again. Raises NothingToDriveError, FormError."""
    _require_active(warehouse, partner)
    return Driven(partner, replay_refusals(warehouse, partner, cause))


def drive_cut_file(warehouse: Warehouse, message_key: int) -> Driven:
    """Queue the whole records of a cut file. Raises NothingToDriveError, FormError."""
    partner = _partner_of(warehouse, message_key)
    return Driven(partner, salvage_message(warehouse, message_key))


def waive_cause(
    warehouse: Warehouse, partner: str, cause: str, of_message: int | None, signed: tuple[str, str]
) -> int:
    """Close the open refusals of a cause for good; `signed` is who and why. Return how many.

    Raises FormError when nobody signs, or nothing is open.
    """
    person, why = (word.strip() for word in signed)
    if not person or not why:
        message = "say who decides (person) and why: both are kept with the refusals for ever"
        raise FormError(message)
    with warehouse.transaction("waive_refusals") as transaction:
        waived = transaction.count(
            "waive_open_refusals",
            partner=partner,
            cause=cause,
            of_message=of_message,
            person=person,
            why=why,
        )
    if not waived:
        of_which = f" in message {of_message}" if of_message else ""
        message = f"partner {partner} has no open refusal {cause}{of_which}"
        raise FormError(message)
    return waived


def read_outcome(warehouse: Warehouse, driven: Driven) -> tuple[list[Closed], list[str]]:
    """Return how the queued messages ended, and the file names of those that still wait."""
    with warehouse.transaction("select_driven") as transaction:
        rows = transaction.run("select_driven_messages", message_keys=driven.message_keys)
        closed = [
            read_closed(transaction, row["message_key"])
            for row in rows
            if row["state"] != "received"
        ]
    return closed, [row["file_name"] for row in rows if row["state"] == "received"]


def _partner_of(warehouse: Warehouse, message_key: int) -> str:
    with warehouse.transaction("select_message") as transaction:
        rows = transaction.run("select_message", message_key=message_key)
    if not rows:
        message = f"there is no message {message_key}; its number stands in the run's artifact"
        raise FormError(message)
    partner = str(rows[0]["partner"])
    _require_active(warehouse, partner)
    return partner


def _require_active(warehouse: Warehouse, partner: str) -> None:
    with warehouse.transaction("select_partner") as transaction:
        rows = transaction.run("select_partner", name=partner)
    if not rows:
        message = f"there is no partner {partner!r}"
        raise FormError(message)
    if rows[0]["state"] != "active":
        message = (
            f"partner {partner} is {rows[0]['state']}: nothing of it is taken until it is active"
        )
        raise FormError(message)
