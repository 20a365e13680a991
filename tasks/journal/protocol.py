"""The protocol of a session for the accountant: what 1C asked and what we answered."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from blocks.store import Store, content_key
from blocks.warehouse import Warehouse
from tasks.journal.summary import MissingPicture


def store_protocol(
    session_key: int, missing: Sequence[MissingPicture], warehouse: Warehouse, store: Store
) -> str:
    """Write down what was said in a session so far, store it and return its key.

    `missing` are the pictures of the run; those of other sessions are left out.
    """
    with warehouse.transaction("select_protocol") as transaction:
        rows = transaction.run("select_protocol", session_key=session_key)
    of_session = [line for line in missing if line.session_key == session_key]
    page = render_protocol([dict(row) for row in rows], of_session).encode()
    key = f"{content_key('protocols', hashlib.sha256(page).hexdigest())}.txt"
    store.put_named(key, page, "text/plain; charset=utf-8")
    return key


def render_protocol(
    knocks: Sequence[Mapping[str, Any]], missing: Sequence[MissingPicture] = ()
) -> str:
    """Return the protocol as text: a heading, a line for each request, then what did not come."""
    if not knocks:
        return "В этом сеансе обращений не было.\n"
    first = knocks[0]
    heading = (
        f"Протокол обмена: {first['partner']}, {first['user_agent'] or 'программа не назвалась'}\n"
        f"Время по поясу {first['time_zone']}\n\n"
    )
    said = "".join(
        f"{knock['at']}  {knock['mode'] or '?':<12}{knock['file_name']:<28}"
        f"{knock['body_bytes']:>12} байт  {knock['answer']}\n"
        for knock in knocks
    )
    return heading + said + _say_missing(missing)


def _say_missing(missing: Sequence[MissingPicture]) -> str:
    if not missing:
        return ""
    all_of_them = sum({line.message_key: line.pictures for line in missing}.values())
    lines = "".join(f"  товар {line.product_id}: {line.path}\n" for line in missing)
    return f"\nНе пришли картинки: {all_of_them}. Товары приняты без них.\n{lines}"
