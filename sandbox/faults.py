"""Everything that can be made to go wrong on 1C's side, with what must come of it.

One table for tests and demonstrations. `causes` are the reason codes of which the receiver must
give one; `spoil.py` says which keys are concerned.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Outcome(StrEnum):
    """What the receiver must make of it."""

    TAKEN = "everything is in, exactly once, as if nothing had happened"
    RECORDS_REFUSED = "the broken records are refused, every other record of the file is in"
    FILE_REFUSED = "nothing of the file is in, the old data stay, 1C hears why"
    NOT_SENT = "nothing of this file set is in; the next run brings it"
    LATER = "what refers to things not yet there waits or is refused; a repeat brings it"
    SHUT_OUT = "nobody comes in"


class Kind(StrEnum):
    """Where the fault is made."""

    WIRE = "in the conversation"
    FILE = "in a whole file"
    RECORD = "in one record"


@dataclass(frozen=True, slots=True)
class Expectation:
    """Where a fault is made and what must come of it."""

    kind: Kind
    outcome: Outcome
    causes: frozenset[str] = frozenset()


def _wire(outcome: Outcome, *causes: str) -> Expectation:
    return Expectation(Kind.WIRE, outcome, frozenset(causes))


def _file(*causes: str) -> Expectation:
    return Expectation(Kind.FILE, Outcome.FILE_REFUSED, frozenset(causes))


def _record(*causes: str) -> Expectation:
    return Expectation(Kind.RECORD, Outcome.RECORDS_REFUSED, frozenset(causes))


class Fault(Enum):
    """A fault to order, by the name it has on the command line."""

    TIMEOUT = "timeout"  # 1C hangs up in the middle of a body
    DUPLICATE_CHUNK = "duplicate-chunk"
    DUPLICATE_FILE = "duplicate-file"
    OUT_OF_ORDER = "out-of-order"  # offers before the goods
    SUCCESS_BUT_LOST = "success-but-lost"  # 1C does not hear the answer and starts anew
    NO_IMPORT = "no-import"  # «без ожидания подтверждения импорта»
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - the name of a fault
    HALF_FILE = "half-file"
    EMPTY_FILE = "empty-file"
    WRONG_ENCODING = "wrong-encoding"  # declared windows-1251, written in UTF-8: readable
    BROKEN_ENCODING = "broken-encoding"  # marked as UTF-8, written in windows-1251
    MOJIBAKE = "mojibake"  # encoded twice
    DOCTYPE_BOMB = "doctype-bomb"
    ZIP_SLIP = "zip-slip"
    ZIP_BOMB = "zip-bomb"
    PRICE_NEGATIVE = "price-negative"
    UNKNOWN_GROUP = "unknown-group"
    DUPLICATE_ID = "duplicate-id"
    GROUP_CYCLE = "group-cycle"
    GROUP_ORPHAN = "group-orphan"
    BAD_NUMBER = "bad-number"
    UNKNOWN_FIELD = "unknown-field"
    MISSING_ID = "missing-id"

    @property
    def expectation(self) -> Expectation:
        """What must come of it."""
        return EXPECTATIONS[self]


EXPECTATIONS: dict[Fault, Expectation] = {
    Fault.TIMEOUT: _wire(Outcome.NOT_SENT),
    Fault.DUPLICATE_CHUNK: _wire(Outcome.TAKEN),
    Fault.DUPLICATE_FILE: _wire(Outcome.TAKEN),
    Fault.OUT_OF_ORDER: _wire(Outcome.LATER, "REF_MISSING"),
    Fault.SUCCESS_BUT_LOST: _wire(Outcome.TAKEN),
    Fault.NO_IMPORT: _wire(Outcome.TAKEN),
    Fault.WRONG_PASSWORD: _wire(Outcome.SHUT_OUT),
    Fault.HALF_FILE: _file("XML_NOT_WELL_FORMED"),
    Fault.EMPTY_FILE: _file("FILE_EMPTY"),
    Fault.WRONG_ENCODING: Expectation(Kind.FILE, Outcome.TAKEN),
    Fault.BROKEN_ENCODING: _file("ENCODING_MISMATCH", "XML_NOT_WELL_FORMED"),
    Fault.MOJIBAKE: _file("MOJIBAKE"),
    Fault.DOCTYPE_BOMB: _file("XML_DOCTYPE"),
    Fault.ZIP_SLIP: _file("ZIP_PATH"),
    Fault.ZIP_BOMB: _file("ZIP_RATIO"),
    Fault.PRICE_NEGATIVE: _record("NUM_RANGE", "RULE_BROKEN"),
    Fault.UNKNOWN_GROUP: _record("REF_MISSING"),
    Fault.DUPLICATE_ID: _record("DUP_CONFLICT"),
    Fault.GROUP_CYCLE: _record("TREE_CYCLE"),
    Fault.GROUP_ORPHAN: _record("REF_MISSING", "FIELD_MISSING"),
    Fault.BAD_NUMBER: _record("NUM_FORMAT"),
    Fault.UNKNOWN_FIELD: _record("FIELD_UNKNOWN"),
    Fault.MISSING_ID: _record("FIELD_MISSING"),
}
