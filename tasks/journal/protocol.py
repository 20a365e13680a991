"""The protocol of a session for the accountant: what 1C asked and what we answered."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from blocks.store import Store, content_key
from blocks.warehouse import Warehouse


def store_protocol(session_key: int, warehouse: Warehouse, store: Store) -> str:
    """Write down what was said in a session so far, store it and return its key."""
    with warehouse.transaction("select_protocol") as transaction:
        rows = transaction.run("select_protocol", session_key=session_key)
    page = render_protocol([dict(row) for row in rows]).encode()
    key = f"{content_key('protocols', hashlib.sha256(page).hexdigest())}.txt"
    store.put_named(key, page, "text/plain; charset=utf-8")
    return key


def render_protocol(knocks: Sequence[Mapping[str, Any]]) -> str:
    """Return the protocol as text: a heading, then a line for each request."""
    if not knocks:
        return "В этом сеансе обращений не было.\n"
    first = knocks[0]
    heading = (
        f"Протокол обмена: {first['partner']}, {first['user_agent'] or 'программа не назвалась'}\n"
        f"Время по поясу {first['time_zone']}\n\n"
    )
    return heading + "".join(
        f"{knock['at']}  {knock['mode'] or '?':<12}{knock['file_name']:<28}"
        f"{knock['body_bytes']:>12} байт  {knock['answer']}\n"
        for knock in knocks
    )
