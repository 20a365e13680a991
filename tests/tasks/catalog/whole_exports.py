"""Small exports as 1C writes them: any goods and groups in any portions, full or changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.archive import file_message
from tasks.model.messages import Closed
from tests.tasks.catalog.plain import USUAL, know_partner, take_waiting

GROUPS = ("g1", "g2", "g3", "g4")


def goods_xml(
    goods: Iterable[int], *, is_full: bool, groups: Sequence[str] | None = GROUPS, of: str = "c"
) -> str:
    """Write one portion; with `groups` None it has no classifier, as all portions but the first."""
    tree = "".join(
        f"<Группа><Ид>{id_}</Ид><Наименование>{id_}</Наименование></Группа>" for id_ in groups or ()
    )
    classifier = (
        "<Классификатор><Ид>k</Ид><Наименование>К</Наименование>"
        f"<Группы>{tree}</Группы></Классификатор>"
    )
    rows = "".join(
        f"<Товар><Ид>p{number}</Ид><Наименование>Товар {number}</Наименование>"
        f"<Группы><Ид>g1</Ид></Группы></Товар>"
        for number in goods
    )
    flag = str(not is_full).lower()
    return (
        '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация ВерсияСхемы="2.07">'
        f"{'' if groups is None else classifier}"
        f'<Каталог СодержитТолькоИзменения="{flag}"><Ид>{of}</Ид>'
        "<ИдКлассификатора>k</ИдКлассификатора><Наименование>Каталог</Наименование>"
        f"<Товары>{rows}</Товары></Каталог>"
        "</КоммерческаяИнформация>"
    )


def offers_xml(goods: Iterable[int], *, is_full: bool) -> str:
    """Write the offers of one portion."""
    rows = "".join(
        f"<Предложение><Ид>p{number}</Ид><Наименование>Товар {number}</Наименование></Предложение>"
        for number in goods
    )
    flag = str(not is_full).lower()
    return (
        '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация ВерсияСхемы="2.07">'
        f'<ПакетПредложений СодержитТолькоИзменения="{flag}"><Ид>c#</Ид><ИдКаталога>c</ИдКаталога>'
        f"<ИдКлассификатора>k</ИдКлассификатора><Предложения>{rows}</Предложения></ПакетПредложений>"
        "</КоммерческаяИнформация>"
    )


def portioned(
    goods: Sequence[int], size: int, *, is_full: bool = True, has_offers: bool = False
) -> dict[str, str]:
    """Write goods as client A does: only the first portion says that all of it is full."""
    files = {}
    for number, start in enumerate(range(0, len(goods), size), start=1):
        portion, is_first = goods[start : start + size], number == 1
        says_full = is_full and is_first
        files[f"import0_{number}.xml"] = goods_xml(
            portion, is_full=says_full, groups=GROUPS if is_first else None
        )
        if has_offers:
            files[f"offers0_{number}.xml"] = offers_xml(portion, is_full=says_full)
    return files


@dataclass(frozen=True, slots=True)
class Sender:
    """An accounting base whose files lie in a folder of ours."""

    warehouse: Warehouse
    store: Store
    folder: Path

    def send(self, files: dict[str, str], session: str = "") -> list[Closed]:
        """File these texts in order and take them as one run does.

        `session` is the state of the session they came in. The split client's is open, over or
        ended; a plain client says no end.
        """
        due = know_partner(self.warehouse, "base", USUAL)
        session_key = self._open(due.partner_key, session) if session else None
        for name, text in files.items():
            path = self.folder / name
            path.write_text(text, encoding="utf-8")
            file_message("base", path, self.warehouse, self.store)
            if session_key:
                self.ask(
                    "update journal.message set session_key ="
                    f" {session_key} where state = 'received' and session_key is null"
                )
        return take_waiting(self.warehouse, self.store, due)

    def end(self) -> list[Closed]:
        """Say the end of the session, and run."""
        self.ask("update journal.session set completed_at = now() where completed_at is null")
        return take_waiting(self.warehouse, self.store, know_partner(self.warehouse))

    def ask(self, question: str) -> list[tuple[object, ...]]:
        """Ask the warehouse a question of the test's own."""
        with self.warehouse.transaction("ask") as transaction:
            return [tuple(row.values()) for row in transaction.execute_compiled(question)]

    def living(self) -> set[int]:
        """The numbers of the goods that are not withdrawn."""
        rows = self.ask("select substr(id, 2)::int from core.product where withdrawn_at is null")
        return {int(str(row[0])) for row in rows}

    def lists(self) -> list[tuple[object, ...]]:
        """The lists of deletions: dataset, count, state."""
        return self.ask(
            "select dataset, would_go, state from journal.deletion_list order by list_key"
        )

    def reasons(self) -> str:
        """The reasons of the lists that wait."""
        return "; ".join(
            str(row[0]) for row in self.ask("select reason from journal.waiting_deletions")
        )

    def outcomes(self) -> list[object]:
        """What kinds of full exports there were."""
        rows = self.ask("select outcome from journal.full_export order by begin_key")
        return [row[0] for row in rows]

    def _open(self, partner_key: int, session: str) -> int:
        version = "null" if session == "plain" else "'2.09'"
        completed = "now()" if session == "ended" else "null"
        expires = (
            "now() - interval '1 second'" if session == "over" else "now() + interval '1 hour'"
        )
        (row,) = self.ask(
            "insert into journal.session (partner_key, token_hash, exchange_type, version, peer,"
            " expires_at, completed_at)"
            f" values ({partner_key}, gen_random_uuid()::text::bytea, 'catalog', {version}, 'test',"
            f" {expires}, {completed}) returning session_key"
        )
        return int(str(row[0]))
