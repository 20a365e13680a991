"""Ordered damage: every fault changes one file in one way and says whom it hit."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from sandbox.company import Company
from sandbox.dialect import Client
from sandbox.export import Order, export
from sandbox.faults import EXPECTATIONS, Fault, Kind, Outcome
from sandbox.spoil import SPOILABLE, UNKNOWN_GROUP_ID, Damage, spoil

RECORD_FAULTS = [fault for fault in Fault if fault.expectation.kind is Kind.RECORD]


def spoilt(folder: Path, fault: Fault, client: Client = Client.A) -> tuple[Damage, bytes]:
    damage = spoil(export(Company(7, goods=30), folder, Order(client)), fault)
    return damage, (folder / damage.file).read_bytes()


def truth_of(folder: Path) -> list[dict[str, str]]:
    text = (folder / "truth.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_every_fault_has_an_expectation() -> None:
    assert set(EXPECTATIONS) == set(Fault)


def test_every_fault_of_a_file_or_record_can_be_made() -> None:
    made_on_the_wire = {Fault.ZIP_SLIP, Fault.ZIP_BOMB}
    needed = {fault for fault in Fault if fault.expectation.kind is not Kind.WIRE}

    assert needed - made_on_the_wire == SPOILABLE


@pytest.mark.parametrize("client", list(Client))
@pytest.mark.parametrize("fault", sorted(SPOILABLE, key=str))
def test_one_file_is_damaged_and_the_damage_is_written_down(
    tmp_path: Path, fault: Fault, client: Client
) -> None:
    whole = export(Company(7, goods=30), tmp_path / "whole", Order(client))
    damage, _ = spoilt(tmp_path / "spoilt", fault, client)
    changed = [
        name
        for each in whole.sets
        for name in each.documents
        if (tmp_path / "whole" / name).read_bytes() != (tmp_path / "spoilt" / name).read_bytes()
    ]

    assert [damage.file] == changed
    assert json.loads((tmp_path / "spoilt/damage.json").read_text())["fault"] == fault.value


@pytest.mark.parametrize("client", list(Client))
@pytest.mark.parametrize("fault", RECORD_FAULTS)
def test_a_broken_record_leaves_the_file_well_formed_and_names_its_key(
    tmp_path: Path, fault: Fault, client: Client
) -> None:
    damage, payload = spoilt(tmp_path, fault, client)
    truth = truth_of(tmp_path)
    known = {line["key"] for line in truth if line["dataset"] == damage.dataset}

    assert ET.fromstring(payload) is not None  # noqa: S314
    assert set(damage.keys) <= known | {""}
    assert damage.keys


@pytest.mark.parametrize("fault", [Fault.HALF_FILE, Fault.EMPTY_FILE, Fault.BROKEN_ENCODING])
def test_a_broken_file_is_not_xml(tmp_path: Path, fault: Fault) -> None:
    _, payload = spoilt(tmp_path, fault)

    with pytest.raises(ET.ParseError):
        ET.fromstring(payload)  # noqa: S314


@pytest.mark.parametrize(
    ("fault", "mark"),
    [
        (Fault.PRICE_NEGATIVE, "<ЦенаЗаЕдиницу>-5<"),
        (Fault.BAD_NUMBER, "<ЦенаЗаЕдиницу>12,3O<"),
        (Fault.UNKNOWN_GROUP, UNKNOWN_GROUP_ID),
        (Fault.DOCTYPE_BOMB, "<!ENTITY a9"),
        (Fault.MOJIBAKE, "РќР°"),
        (Fault.GROUP_CYCLE, "<Наименование>Круг<"),
    ],
)
def test_the_mark_of_the_fault_stands_once_in_the_file(
    tmp_path: Path, fault: Fault, mark: str
) -> None:
    _, payload = spoilt(tmp_path, fault)

    assert payload.decode().count(mark) == 1 or fault is Fault.MOJIBAKE


def test_a_duplicate_has_the_same_id_and_another_name(tmp_path: Path) -> None:
    damage, payload = spoilt(tmp_path, Fault.DUPLICATE_ID)
    [key] = damage.keys

    assert payload.decode().count(f"<Ид>{key}</Ид>\n\t\t\t\t<Штрихкод>") == 2
    assert "Другое: " in payload.decode()


def test_text_declared_as_1251_but_written_in_utf_8_can_still_be_read_by_its_bytes(
    tmp_path: Path,
) -> None:
    _, payload = spoilt(tmp_path, Fault.WRONG_ENCODING)

    assert b'encoding="windows-1251"' in payload
    assert "Наименование" in payload.decode()
    assert Fault.WRONG_ENCODING.expectation.outcome is Outcome.TAKEN


def test_a_fault_that_finds_nothing_to_break_says_so(tmp_path: Path) -> None:
    company = Company(7, goods=5, price_types=0)

    with pytest.raises(LookupError, match="prices"):
        spoil(export(company, tmp_path), Fault.PRICE_NEGATIVE)
