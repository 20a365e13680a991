"""What `mode=import` may truthfully say of a file, from what the journal holds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from blocks.gateway.answers import Answer, failure, success
from blocks.gateway.names import is_archive

_CAUSES_SHOWN = 10
_WORDS = {
    "groups": "Группы",
    "properties": "Свойства",
    "categories": "Категории",
    "units": "Единицы измерения",
    "price_types": "Виды цен",
    "warehouses": "Склады",
    "goods": "Товары",
    "offers": "Предложения",
    "prices": "Цены",
    "stock": "Остатки",
    "movements": "Движения",
    "counterparties": "Контрагенты",
    "documents": "Документы",
}
_FILE = "file"  # the dataset of the file itself


class Standing(Enum):
    """How it stands with a file that the client asks about."""

    UNKNOWN = auto()
    NOT_IN_ARCHIVE = auto()
    WAITING = auto()
    REFUSED = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class Filed:
    """A message of the session as the journal shows it; `waiting_s` is its age in seconds."""

    message_key: int
    parent_key: int | None
    file_name: str
    state: str
    waiting_s: float


@dataclass(frozen=True, slots=True)
class Count:
    """The books of one dataset over the messages asked about."""

    dataset: str
    received: int
    accepted: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of refusals: how many records it met, and one of them in words."""

    records: int
    example: str


def judge(filed: Sequence[Filed], wanted: str) -> tuple[Standing, tuple[Filed, ...]]:
    """Return how it stands with the file `wanted`, and the messages that this is about.

    `filed` holds the session's files and archives and the members of the archives. 1C names the XML
    in the archive, or the archive itself; an archive is done when all its members are.
    """
    roots = [each for each in filed if each.parent_key is None]
    named = [each for each in roots if each.file_name == wanted]
    if named:
        root = _newest(named)
        members = [each for each in filed if each.parent_key == root.message_key]
        return _standing([root, *members])
    archives = [each for each in roots if is_archive(each.file_name)]
    members = [each for each in filed if each.parent_key is not None and _is_named(each, wanted)]
    if members:
        member = _newest(members)
        # An archive that came later may bring the file anew; until it is unpacked nobody knows.
        later = [
            each
            for each in archives
            if each.state == "received" and each.message_key > (member.parent_key or 0)
        ]
        return (Standing.WAITING, tuple(later)) if later else _standing([member])
    if not archives:
        return Standing.UNKNOWN, ()
    if any(each.state == "received" for each in archives):
        return Standing.WAITING, tuple(archives)
    latest = _newest(archives)
    is_refused = latest.state == "refused"
    return (Standing.REFUSED if is_refused else Standing.NOT_IN_ARCHIVE), (latest,)


def closed(
    name: str, counts: Sequence[Count], reasons: Sequence[Reason], *, is_strict: bool
) -> Answer:
    """Answer for a file that went in, with the records that did not.

    Refused records leave it a `success`: after a `failure` the standard module abandons the whole
    export, and the offers of a catalog with one bad card would never come. A partner who wants that
    has `strict_import`.
    """
    lines = [f"Файл {name} загружен."]
    lines += [
        f"{_WORDS.get(count.dataset, count.dataset)}: получено {count.received}, "
        f"принято {count.accepted}, без изменений {count.unchanged}, не принято {count.refused}."
        for count in counts
        if count.dataset != _FILE
    ]
    refused = sum(count.refused for count in counts)
    if not refused:
        return success(*lines)
    lines += [f"Не принято записей: {refused}. Причины:", *_told(reasons)]
    if is_strict:
        return failure(f"Файл {name} загружен не полностью.", *lines[1:])
    return success(*lines)


def refused(name: str, reasons: Sequence[Reason]) -> Answer:
    """Answer for a file of which nothing was taken."""
    return failure(f"Файл {name} не принят, прежние данные сохранены. Причины:", *_told(reasons))


def waiting(name: str) -> str:
    """Say that a file is being worked on."""
    return f"Файл {name} получен и обрабатывается."


def kept(name: str) -> Answer:
    """Answer for a file that the flow did not get to in time."""
    return failure(
        f"Файл {name} получен и сохранён, но ещё не обработан: очередь занята.",
        "Он будет обработан без повторной отправки; повторять выгрузку не нужно.",
    )


def unknown(name: str) -> Answer:
    """Answer for a file that never came in this session."""
    return failure(f"Файл {name} в этом сеансе не передавался. Начните выгрузку заново.")


def not_in_archive(name: str, archive: str) -> Answer:
    """Answer for a file that is not in the archive that came."""
    return failure(f"В архиве {archive} нет файла {name}. Начните выгрузку заново.")


def _told(reasons: Sequence[Reason]) -> list[str]:
    lines = [
        f"- {reason.example}" + (f" (записей: {reason.records})" if reason.records > 1 else "")
        for reason in reasons[:_CAUSES_SHOWN]
    ]
    left = len(reasons) - _CAUSES_SHOWN
    return [*lines, f"- и ещё причин: {left}"] if left > 0 else lines


def _standing(messages: list[Filed]) -> tuple[Standing, tuple[Filed, ...]]:
    """An archive that is refused has no members to wait for; else all must leave `received`."""
    refused_ones = tuple(each for each in messages if each.state == "refused")
    if messages[0] in refused_ones:
        return Standing.REFUSED, (messages[0],)
    if any(each.state == "received" for each in messages):
        return Standing.WAITING, tuple(messages)
    return (Standing.REFUSED, refused_ones) if refused_ones else (Standing.CLOSED, tuple(messages))


def _is_named(member: Filed, wanted: str) -> bool:
    """A member may lie in a folder of the archive that 1C does not name."""
    return member.file_name == wanted or member.file_name.endswith(f"/{wanted}")


def _newest(messages: Sequence[Filed]) -> Filed:
    return max(messages, key=lambda each: each.message_key)
