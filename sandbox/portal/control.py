"""What a test asks the portal and orders from it, as JSON."""

import json
from collections.abc import Callable
from typing import Any, Protocol

from sandbox.portal.faults import FaultBook
from sandbox.portal.records import Kind
from sandbox.portal.selling import sell
from sandbox.portal.store import Store
from sandbox.portal.wire import Answer, Request

Values = dict[str, Any]


class Gate(Protocol):
    """What can be opened and shut."""

    def go_down(self) -> None:
        """Be as a host without a server."""

    def come_up(self) -> None:
        """Serve again."""


class Control:
    """`GET /held`, `GET /requests`, `GET|POST|DELETE /fault`, `POST /sale`, `/down`, `/up`."""

    def __init__(
        self, store: Store, book: FaultBook, gate: Gate, heard: Callable[[], list[Values]]
    ) -> None:
        self._store = store
        self._book = book
        self._gate = gate
        self._heard = heard

    def answer(self, request: Request, body: bytes) -> Answer | None:
        """The answer, or None when the path is none of these."""
        try:
            match request.path:
                case "/held":
                    said: object = self.held(int(request.query.get("changes_since", "0")))
                case "/requests":
                    said = self._heard()
                case "/fault":
                    said = self._change_book(request.method, body)
                case "/sale":
                    said = sell(self._store, **json.loads(body))
                case "/down" | "/up":
                    said = self._move_gate(is_up=request.path == "/up")
                case _:
                    return None
        except ValueError as error:
            return _json({"error": str(error)}, status=400)
        return _json(said)

    def held(self, since: int) -> Values:
        """All that is held; of the changes those with a number above `since`."""
        with self._store.transaction() as base:
            held: Values = {str(kind): {} for kind in Kind}
            held |= {"inactive": {"goods": [], "offers": []}, "skipped": []}
            for row in base.execute("select * from record order by kind, id"):
                if row["is_active"]:
                    held[row["kind"]][row["id"]] = json.loads(row["body"])
                else:
                    held["inactive"][row["kind"]].append(row["id"])
            held["pictures"] = {
                row["path"]: {key: row[key] for key in ("sha256", "size", "times")}
                for row in base.execute("select * from picture order by path")
            }
            applied = base.execute("select file, sha256, times from applied order by rowid")
            held["applied"] = [dict(row) for row in applied]
            rows = base.execute("select * from change where number > ? order by number", (since,))
            held["changes"] = []
            for row in rows:
                change = dict(row) | {name: json.loads(row[name]) for name in ("old", "new")}
                held["skipped" if row["action"] == "skipped" else "changes"].append(change)
            waiting = base.execute("select file from job order by number")
            held["waiting"] = [row["file"] for row in waiting]
            return held

    def _change_book(self, method: str, body: bytes) -> Values:
        if method == "POST":
            self._book.add(json.loads(body))
        elif method == "DELETE":
            self._book.clear()
        return self._book.show()

    def _move_gate(self, *, is_up: bool) -> Values:
        if is_up:
            self._gate.come_up()
        else:
            self._gate.go_down()
        return {"up": is_up}


def _json(value: object, status: int = 200) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), status, "application/json")
