"""Partner blocks as people edit them, made known to the journal and the door."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr

from blocks.channel import Folder, GatewayDoor
from blocks.partner import Partner
from blocks.warehouse import Warehouse
from tasks.journal.admission import admit_partners, terms_of
from tasks.model.messages import NegativeStock

_PASSWORD = "correct horse battery"


def _partner(name: str = "roga", **said: Any) -> Partner:
    door = GatewayDoor(login=name, password=SecretStr(said.pop("password", _PASSWORD)))
    partner = Partner(**{"channel": door, "state": "active"} | said)
    partner._block_document_name = name  # noqa: SLF001  (what loading a block sets)
    return partner


def _doors(warehouse: Warehouse) -> dict[str, tuple[bool, str]]:
    with warehouse.transaction("ask") as transaction:
        rows = transaction.run("select_doors")
    return {row["login"]: (row["is_open"], row["password_hash"]) for row in rows}


def test_a_password_is_kept_as_a_hash_only(warehouse: Warehouse) -> None:
    admit_partners([_partner()], warehouse)

    is_open, held = _doors(warehouse)["roga"]

    assert is_open
    assert _PASSWORD not in held
    assert PasswordHasher().verify(held, _PASSWORD)


def test_the_second_time_nothing_changes(warehouse: Warehouse) -> None:
    admit_partners([_partner()], warehouse)
    before = _doors(warehouse)

    assert 0 == admit_partners([_partner()], warehouse)
    assert before == _doors(warehouse)


def test_a_new_password_replaces_the_old_one(warehouse: Warehouse) -> None:
    admit_partners([_partner()], warehouse)
    admit_partners([_partner(password="another long one")], warehouse)

    assert PasswordHasher().verify(_doors(warehouse)["roga"][1], "another long one")


def test_a_partner_that_is_gone_finds_its_door_closed(warehouse: Warehouse) -> None:
    admit_partners([_partner("roga"), _partner("kopyta")], warehouse)
    admit_partners([_partner("kopyta")], warehouse)

    assert {"roga": False, "kopyta": True} == {
        login: is_open for login, (is_open, _) in _doors(warehouse).items()
    }


def test_a_partner_with_a_folder_has_no_door(warehouse: Warehouse, tmp_path: Any) -> None:
    admit_partners([_partner(channel=Folder(path=tmp_path))], warehouse)

    assert {} == _doors(warehouse)


@pytest.mark.parametrize(
    ("said", "term", "value"),
    [
        ({"left_alone": ["Товар/Моё"]}, "left_alone", frozenset({"Товар/Моё"})),
        ({"undeclared": ["warehouses"]}, "undeclared", frozenset({"warehouses"})),
        ({"negative_stock": "refuse"}, "negative_stock", NegativeStock.REFUSE),
        ({"time_zone": "Asia/Vladivostok"}, "time_zone", "Asia/Vladivostok"),
        ({"required": {"goods": ["article"]}}, "required", {"goods": ["article"]}),
        ({"refused_share_max": 0.1}, "refused_share_max", 0.1),
    ],
)
def test_what_a_block_says_becomes_a_term(said: dict[str, Any], term: str, value: object) -> None:
    assert value == getattr(terms_of(_partner(**said)), term)


def test_a_zone_that_does_not_exist_is_refused_where_it_is_typed() -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        _partner(time_zone="Moscow")
