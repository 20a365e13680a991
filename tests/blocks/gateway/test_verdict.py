"""What `import` says, by what the journal holds: the rules as tables."""

import pytest

from blocks.gateway import verdict
from blocks.gateway.verdict import Count, Filed, Reason, Standing, judge


def root(key: int, name: str, state: str = "received") -> Filed:
    return Filed(key, None, name, state, 0.0)


def member(key: int, parent: int, name: str, state: str = "received") -> Filed:
    return Filed(key, parent, name, state, 0.0)


ZIP, XML = "v8.zip", "import0_1.xml"


@pytest.mark.parametrize(
    ("filed", "wanted", "standing", "keys"),
    [
        ([], XML, Standing.UNKNOWN, ()),
        ([root(1, XML)], XML, Standing.WAITING, (1,)),
        ([root(1, XML, "closed")], XML, Standing.CLOSED, (1,)),
        ([root(1, XML, "refused")], XML, Standing.REFUSED, (1,)),
        # The same name again: only the newest one counts.
        ([root(1, XML, "closed"), root(2, XML)], XML, Standing.WAITING, (2,)),
        ([root(1, XML, "refused"), root(2, XML, "closed")], XML, Standing.CLOSED, (2,)),
        # An XML in an archive.
        ([root(1, ZIP)], XML, Standing.WAITING, (1,)),
        ([root(1, ZIP), member(2, 1, XML)], XML, Standing.WAITING, (2,)),
        ([root(1, ZIP, "closed"), member(2, 1, XML)], XML, Standing.WAITING, (2,)),
        ([root(1, ZIP, "closed"), member(2, 1, XML, "closed")], XML, Standing.CLOSED, (2,)),
        ([root(1, ZIP, "closed"), member(2, 1, f"w/{XML}", "closed")], XML, Standing.CLOSED, (2,)),
        (
            [root(1, ZIP, "closed"), member(2, 1, f"x{XML}", "closed")],
            XML,
            Standing.NOT_IN_ARCHIVE,
            (1,),
        ),
        ([root(1, ZIP, "closed"), member(2, 1, XML, "refused")], XML, Standing.REFUSED, (2,)),
        ([root(1, ZIP, "refused")], XML, Standing.REFUSED, (1,)),
        # One bad member does not spoil the one that is asked about.
        (
            [root(1, ZIP, "closed"), member(2, 1, XML, "closed"), member(3, 1, "b.xml", "refused")],
            XML,
            Standing.CLOSED,
            (2,),
        ),
        # A later archive may bring the file anew.
        (
            [root(1, ZIP, "closed"), member(2, 1, XML, "closed"), root(3, "v9.zip")],
            XML,
            Standing.WAITING,
            (3,),
        ),
        # The archive itself: done when all its members are.
        ([root(1, ZIP, "closed"), member(2, 1, XML)], ZIP, Standing.WAITING, (1, 2)),
        ([root(1, ZIP, "closed"), member(2, 1, XML, "closed")], ZIP, Standing.CLOSED, (1, 2)),
        ([root(1, ZIP, "closed"), member(2, 1, XML, "refused")], ZIP, Standing.REFUSED, (2,)),
    ],
)
def test_a_file_stands_as_its_newest_message_does(
    filed: list[Filed], wanted: str, standing: Standing, keys: tuple[int, ...]
) -> None:
    found, about = judge(filed, wanted)

    assert standing == found
    assert keys == tuple(each.message_key for each in about)


def test_a_closed_file_is_told_with_its_counts() -> None:
    answer = verdict.closed(XML, [Count("goods", 9, 5, 4, 0)], [], is_strict=False)

    assert answer.lines == (
        "success",
        "Файл import0_1.xml загружен.",
        "Товары: получено 9, принято 5, без изменений 4, не принято 0.",
    )


_REFUSED = [Count("file", 1, 1, 0, 0), Count("goods", 9, 6, 0, 3)]
_REASONS = [Reason(2, "поле «Цена» не число: «abc»"), Reason(1, "файл пуст")]


def test_refused_records_are_listed_by_cause_and_the_file_is_a_success() -> None:
    answer = verdict.closed(XML, _REFUSED, _REASONS, is_strict=False)

    assert answer.lines[0] == "success"
    assert answer.lines[3:] == (
        "Не принято записей: 3. Причины:",
        "- поле «Цена» не число: «abc» (записей: 2)",
        "- файл пуст",
    )


def test_a_strict_partner_hears_failure_for_one_refused_record() -> None:
    answer = verdict.closed(XML, _REFUSED, _REASONS, is_strict=True)

    assert answer.lines[0] == "failure"
    assert "- файл пуст" in answer.lines


def test_a_strict_partner_hears_success_when_nothing_was_refused() -> None:
    answer = verdict.closed(XML, [Count("goods", 1, 1, 0, 0)], [], is_strict=True)

    assert answer.lines[0] == "success"


def test_a_hundred_causes_do_not_make_a_hundred_lines() -> None:
    reasons = [Reason(1, f"причина {number}") for number in range(100)]

    answer = verdict.refused(XML, reasons)

    assert len(answer.lines) == 13
    assert answer.lines[-1] == "- и ещё причин: 90"


def test_a_dataset_without_a_russian_word_is_still_counted() -> None:
    answer = verdict.closed(XML, [Count("licences", 1, 1, 0, 0)], [], is_strict=False)

    assert answer.lines[2].startswith("licences: получено 1")
