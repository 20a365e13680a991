"""The auditor expands what was passed over by itself, and tells of what nobody has ever read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.audit.manifests import Line, Manifest
from sandbox.audit.passed import expand

_HEAD = "<Предложения>".encode()
_OFFER = "<Предложение><Ид>{}</Ид><Количество>{}</Количество></Предложение>"
_BEGUN = datetime(2026, 11, 1, tzinfo=UTC)


def _payload(*offers: tuple[str, int]) -> bytes:
    return _HEAD + b"\n".join(_OFFER.format(*offer).encode() for offer in offers)


def _lines(payload: bytes, *offers: tuple[str, int]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for name, quantity in offers:
        element = _OFFER.format(name, quantity).encode()
        total = f"<Количество>{quantity}</Количество>".encode()
        start, number = payload.index(element), len(lines) + 1
        place = start + element.index(total)
        lines += [
            Line("offers", number, start, len(element), name, "d1", "accepted", None),
            Line("stock", number + 1, place, len(total), f"{name}|", "d2", "accepted", None),
        ]
    return tuple(lines)


def _run(payload: bytes, offers: int, stock: int) -> tuple[Line, ...]:
    start, length = len(_HEAD), len(payload) - len(_HEAD)
    return (
        Line("offers", 1, start, length, "", "", "unchanged", None, offers),
        Line("stock", 1, start, length, "", "", "unchanged", None, stock),
    )


def _audit(
    *messages: tuple[bytes, tuple[Line, ...]], partners: tuple[int, ...] = (1, 1)
) -> tuple[list[str], list[Manifest]]:
    rows: list[dict[str, Any]] = []
    manifests: dict[tuple[str, str], Manifest | None] = {}
    payloads = {}
    for number, ((payload, lines), partner) in enumerate(zip(messages, partners, strict=True)):
        key = (f"manifest/{number}", f"raw/{number}")
        manifests[key] = Manifest(b"", b"", lines)
        payloads[key[1]] = payload
        rows.append(
            {
                "message_key": number,
                "partner_key": partner,
                "direction": "in",
                "state": "closed",
                "closed_at": _BEGUN + timedelta(hours=number),
                "manifest_key": key[0],
                "object_key": key[1],
            }
        )
    found = [one.words for one in expand(rows, manifests, payloads.get)]
    return found, [one for one in manifests.values() if one is not None]


_OFFERS = (("a", 5), ("b", 7))
_FIRST = _payload(*_OFFERS)


def test_a_run_is_expanded_to_the_records_that_were_read_before() -> None:
    second = _payload(*reversed(_OFFERS))

    found, manifests = _audit((_FIRST, _lines(_FIRST, *_OFFERS)), (second, _run(second, 2, 2)))

    assert found == []
    told = {(line.key, line.byte_offset, line.digest, line.exit) for line in manifests[1].lines}
    assert told == {
        (line.key, line.byte_offset, line.digest, "unchanged")
        for line in _lines(second, *reversed(_OFFERS))
    }


def test_bytes_that_nobody_read_are_found() -> None:
    second = _payload(("a", 5), ("b", 8))

    found, _ = _audit((_FIRST, _lines(_FIRST, *_OFFERS)), (second, _run(second, 2, 2)))

    assert "was passed over and never read" in found[0]


def test_bytes_that_another_sender_s_file_held_are_not_known() -> None:
    first = (_FIRST, _lines(_FIRST, *_OFFERS))

    found, _ = _audit(first, (_FIRST, _run(_FIRST, 2, 2)), partners=(1, 2))

    assert "was passed over and never read" in found[0]


def test_a_run_that_counts_wrongly_is_found() -> None:
    found, _ = _audit((_FIRST, _lines(_FIRST, *_OFFERS)), (_FIRST, _run(_FIRST, 2, 3)))

    assert found == [f"3 stock passed over at byte {len(_HEAD)}, there are 2"]


def test_what_was_refused_is_no_line_of_a_run() -> None:
    lines = _lines(_FIRST, *_OFFERS)
    refused = (replace(lines[0], exit="refused", cause="X"), *lines[1:])

    found, _ = _audit((_FIRST, refused), (_FIRST, _run(_FIRST, 2, 2)))

    assert "was passed over and never read" in found[0]
