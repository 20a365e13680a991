"""What a run tells people: the shape of its artifact."""

from tasks.journal.protocol import render_protocol
from tasks.journal.summary import MESSAGES_SHOWN, Links, Refused, Summary, say_faults
from tasks.model.messages import Books, Closed


def closed(message_key: int = 1, state: str = "closed", **counts: int) -> Closed:
    goods = Books(
        "goods", **({"received": 2, "accepted": 1, "unchanged": 1, "refused": 0} | counts)
    )
    return Closed(
        message_key, f"import{message_key}.xml", state, (Books("file", 1, 1, 0, 0), goods)
    )


def test_the_totals_count_records_and_no_files() -> None:
    shown = Summary("catalog", [closed(1), closed(2)], sent=3, delivered=2, in_doubt=1)

    assert "| received | accepted | unchanged | refused | sent | acknowledged | in doubt |" in (
        shown.as_markdown()
    )
    assert "| 4 | 2 | 2 | 0 | 3 | 2 | 1 |" in shown.as_markdown()
    assert {"received": 4, "delivered": 2, "in_doubt": 1, "balanced": True}.items() <= (
        shown.as_json().items()
    )


def test_a_run_that_found_nothing_has_the_same_shape() -> None:
    shown = Summary("catalog").as_markdown()

    assert shown.startswith("# catalog: nothing was waiting\n")
    assert "| 0 | 0 | 0 | 0 | 0 | 0 | 0 |" in shown


def test_books_that_do_not_balance_cannot_be_overlooked() -> None:
    shown = Summary("catalog", [closed(received=3)])

    assert not shown.is_balanced
    assert shown.headline.endswith("THE BOOKS DO NOT BALANCE")


def test_a_refusal_is_shown_with_its_cause_and_place() -> None:
    line = Refused("roga", "NUM_RANGE", 3, 2, "Цена is out of range: -5", "offers.xml, record 20")

    shown = Summary("catalog", [closed()], refused=[line])

    assert 2 == shown.open_refusals
    assert (
        "* **roga**, `NUM_RANGE`: 3 records refused, 2 still open. "
        "Цена is out of range: -5 – the first in offers.xml, record 20" in shown.as_markdown()
    )


def test_each_partner_has_a_table_of_its_messages_with_their_papers() -> None:
    links = {1: Links("roga", "http://s3/report", "http://s3/protocol"), 2: Links("kopyta")}

    shown = Summary("catalog", [closed(1), closed(2, "refused")], links=links).as_markdown()

    assert "## Messages of roga" in shown
    assert (
        "| 1 | [import1.xml](http://s3/report) | 2 | 1 | 1 | 0 | [open](http://s3/protocol) |"
        in (shown)
    )
    assert "## Messages of kopyta" in shown
    assert "| 2 | import2.xml **refused** | 2 | 1 | 1 | 0 |  |" in shown


def test_a_long_run_does_not_flood_the_page() -> None:
    many = [closed(number) for number in range(MESSAGES_SHOWN + 3)]

    assert "And 3 messages more, in the journal." in Summary("catalog", many).as_markdown()


def test_partners_that_were_not_taken_are_named_with_the_reason() -> None:
    assert (
        "* **z** was passed over: its block says paused\n"
        "* **a** stopped and its messages wait: KeyError: 'x'"
    ) == say_faults({"z": "its block says paused"}, {"a": "KeyError: 'x'"})


def test_a_protocol_has_a_line_for_each_request() -> None:
    knock = {
        "at": "2026-11-22 10:00:00",
        "mode": "checkauth",
        "file_name": "",
        "body_bytes": 0,
        "answer": "success",
        "partner": "roga",
        "user_agent": "1C+Enterprise/8.3",
        "time_zone": "Europe/Moscow",
    }

    heading, zone, _, line, end = render_protocol([knock]).split("\n")

    assert "Протокол обмена: roga, 1C+Enterprise/8.3" == heading
    assert "Europe/Moscow" in zone
    assert line.startswith("2026-11-22 10:00:00  checkauth")
    assert line.endswith("success")
    assert not end
