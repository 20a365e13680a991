"""The archive: bytes first, durable under their hash; then the row that says they came."""

from pathlib import Path

from blocks.store import Store
from blocks.warehouse import Warehouse


def file_message(
    partner: str, file: Path, warehouse: Warehouse, store: Store, exchange: str = "catalog"
) -> int:
    """Archive a file that a partner left for us and return the key of its message.

    Filing it twice makes two messages of the same bytes; the second one changes nothing.
    """
    stored = store.put_file(file)
    with warehouse.transaction("insert_message") as transaction:
        row = transaction.one(
            "insert_message",
            partner=partner,
            exchange=exchange,
            sha256=stored.sha256,
            size=stored.size,
            object_key=stored.key,
            file_name=file.name,
        )
    return int(row["message_key"])
