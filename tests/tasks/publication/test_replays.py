"""A hundred formed files form again to the same bytes, in another process, zone and hash seed."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from blocks.drop_folder import DropFolder
from blocks.settings import PROJECT
from blocks.store import Store
from blocks.warehouse import Warehouse
from sandbox.company import Company
from tests.tasks.publication.rounds import know_portal, publish, take_company

_DIALECTS = ("commerceml-2.07", "commerceml-2.10", "commerceml-3.1")
_CHANGES = 16


def test_a_hundred_formed_files_form_again_to_the_same_bytes(
    warehouse: Warehouse, store: Store, tmp_path: Path
) -> None:
    take_company(warehouse, store, tmp_path / "full", Company(seed=2, goods=12, pictures=False))
    for change in range(_CHANGES):
        _change(warehouse, change)
        for dialect in _DIALECTS:
            folder = tmp_path / dialect
            folder.mkdir(exist_ok=True)
            portal = replace(know_portal(warehouse, dialect), dialect=dialect)
            assert {} == publish(warehouse, store, portal, DropFolder(path=folder)).failures
    with warehouse.transaction("ask") as transaction:
        rows = transaction.execute_compiled(
            "select file_name as name, rules, encode(sha256, 'hex') as sha256 "
            "from journal.message where state = 'formed' order by message_key"
        )

    formed = _form_elsewhere(store, [{"name": row["name"], "rules": row["rules"]} for row in rows])

    assert len(rows) >= 100
    assert [row["sha256"] for row in rows] == formed


_STATEMENTS = (
    "update core.product set name = 'Имя {0}' where id = (select min(id) from core.product)",
    """update core.price set amount = {0} + 1.5, digest = md5('{0}')::uuid
       where (offer_key, price_type_key) =
             (select offer_key, price_type_key from core.price order by 1, 2 limit 1)""",
    """update core.stock set quantity = {0}
       where (offer_key, warehouse_key) =
             (select offer_key, warehouse_key from core.stock order by 1, 2 desc limit 1)""",
)


def _change(warehouse: Warehouse, number: int) -> None:
    """Change a name, a price and a quantity, so that every kind of file has something to say."""
    with warehouse.transaction("change") as transaction:
        for statement in _STATEMENTS:
            transaction.execute_compiled(statement.format(number))


def _form_elsewhere(store: Store, files: list[dict[str, object]]) -> list[str]:
    asked = {
        "endpoint": store.endpoint,
        "bucket": store.bucket,
        "access_key": store.access_key.get_secret_value(),
        "secret_key": store.secret_key.get_secret_value(),
        "files": files,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.tasks.publication.reforming"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        env=os.environ | {"TZ": "Pacific/Chatham", "PYTHONHASHSEED": "12345"},
    )
    return done.stdout.split()
