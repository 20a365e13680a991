"""All variants along the whole road: archive, decode, stage, judge, merge, close; by bare steps."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.archive import file_message
from tasks.model.messages import NegativeStock, Terms
from tests.malformed.good import CATALOG, GROUND, PACKAGE, REPRICED, RESTOCKED, TABLE, Keys, written
from tests.malformed.variant import FILE_NAMES, Refused, Variant
from tests.tasks.catalog.plain import know_partner, take_waiting

PARTNER: Final = "malformed"
COMPANIONS: Final = {
    "w001": CATALOG, "w002": PACKAGE, "w003": TABLE, "w004": REPRICED, "w005": RESTOCKED
}  # fmt: skip
_REEXPORTS: Final = {FILE_NAMES[template] for template in (REPRICED, RESTOCKED)}

_REFUSALS: Final = """
    select dataset, natural_key, cause, place, byte_offset, byte_length, sentence, sentence_ru
    from journal.refusal join journal.message using (message_key)
    where {key} in (message_key, parent_key)
    order by message_key, byte_offset, record_no
"""
_KEYS: Final = """
    select dataset, key from core.traceable join journal.partner using (partner_key)
    where partner.name = 'malformed' and message_key in (
        select message_key from journal.message where {key} in (message_key, parent_key)
    )
"""
_STATES: Final = """
    select message_key, state, coalesce(
        (select sum(accepted) from journal.books where books.message_key = message.message_key), -1
    ) as accepted
    from journal.message join journal.partner using (partner_key)
    where partner.name = 'malformed'
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One line of journal.refusal, its key with `@` for the mark."""

    said: Refused
    byte_offset: int
    byte_length: int
    sentences: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of one file."""

    payload: bytes
    state: str
    refusals: tuple[Refusal, ...]
    brought: Keys


def drive(
    variants: dict[str, Variant], warehouse: Warehouse, store: Store, folder: Path
) -> dict[str, Ending]:
    """Take the ground file, all variants and the good companions; return what became of each."""
    due = know_partner(warehouse, PARTNER, Terms(negative_stock=NegativeStock.REFUSE))
    files = {mark: (one.file_name, one.make(mark)) for mark, one in variants.items()}
    files |= {
        mark: (FILE_NAMES[template], written(template, mark).encode())
        for mark, template in COMPANIONS.items()
    }
    keys = {}
    grounds = {GROUND: (FILE_NAMES[CATALOG], written(CATALOG, GROUND).encode())}
    for mark, (name, _) in files.items():
        if name in _REEXPORTS:
            grounds[f"{GROUND}-{mark}"] = FILE_NAMES[PACKAGE], written(PACKAGE, mark).encode()
    for mark, (name, payload) in (grounds | files).items():
        path = folder / mark / name
        path.parent.mkdir()
        path.write_bytes(payload)
        keys[mark] = file_message(PARTNER, path, warehouse, store)
    take_waiting(warehouse, store, due)
    return {mark: _ending(warehouse, mark, keys[mark], files[mark][1]) for mark in files}


def ask(warehouse: Warehouse, question: str) -> list[dict[str, Any]]:
    """Ask the warehouse a question of the tests' own."""
    with warehouse.transaction("ask") as transaction:
        return [dict(row) for row in transaction.execute_compiled(question)]


def _ending(warehouse: Warehouse, mark: str, message_key: int, payload: bytes) -> Ending:
    (state,) = ask(
        warehouse, f"select state from journal.message where message_key = {message_key}"
    )
    return Ending(
        payload,
        state["state"],
        tuple(
            Refusal(
                Refused(
                    row["dataset"], _plain(row["natural_key"], mark), row["cause"], row["place"]
                ),
                row["byte_offset"],
                row["byte_length"],
                (row["sentence"], row["sentence_ru"]),
            )
            for row in ask(warehouse, _REFUSALS.format(key=message_key))
        ),
        frozenset(
            (row["dataset"], _plain(row["key"], mark))
            for row in ask(warehouse, f"{_KEYS.format(key=message_key)} and key like '%{mark}-%'")
        ),
    )


def _plain(key: str, mark: str) -> str:
    return key.replace(f"{mark}-", "@")
