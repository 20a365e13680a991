"""A quantity is read by the rules of the table in `commerceml/parts.py`, in every shape alike."""

import pytest

from tasks.model.datasets import Dataset
from tests.tasks.formats.reads import read_bytes

# The text, then what is read of it or why it is refused.
RULES = {
    "7": "7",
    "+7": "7",
    "007": "7",
    " 7\n": "7",
    "0": "0",
    "-0": "0",
    "-0.0": "0",
    "12.500": "12.5",
    "0,25": "0.25",
    "0.000000000000000001": "0.000000000000000001",
    "1 234,5": "1234.5",
    "1\u00a0234\u202f567": "1234567",
    "-3": "-3",
    "-1 234.50": "-1234.5",
    "": "FIELD_MISSING",
    "   ": "FIELD_MISSING",
    "1,234": "NUM_AMBIGUOUS",
    "1.234,50": "NUM_AMBIGUOUS",
    "1e3": "NUM_FORMAT",
    "1E+3": "NUM_FORMAT",
    "12 шт": "NUM_FORMAT",
    "1.2.3": "NUM_AMBIGUOUS",
    "12 34": "NUM_FORMAT",
    "--5": "NUM_FORMAT",
    "0x10": "NUM_FORMAT",
    "∞": "NUM_FORMAT",
    "NaN": "NUM_FORMAT",
    "٣": "NUM_FORMAT",
    "1" * 19: "NUM_RANGE",
    "0." + "1" * 19: "NUM_RANGE",
}
SHAPES = {
    "Количество": "<Количество>{}</Количество>",
    "Склад attributes": '<Склад ИдСклада="w" КоличествоНаСкладе="{}"/>',
    "Склады attributes": '<Склады ИдСклада="w" КоличествоНаСкладе="{}"/>',
    "Остаток of a warehouse": (
        "<Остатки><Остаток><Склад><Ид>w</Ид><Количество>{}</Количество></Склад></Остаток></Остатки>"
    ),
    "Остаток with Количество": (
        "<Остатки><Остаток><Количество>{}</Количество></Остаток></Остатки>"
    ),
    "Остаток bare": "<Остатки><Остаток>{}</Остаток></Остатки>",
    "КоличествоНаСкладе": (
        "<КоличествоНаСкладах><КоличествоНаСкладе><ИдСклада>w</ИдСклада>"
        "<Количество>{}</Количество></КоличествоНаСкладе></КоличествоНаСкладах>"
    ),
}
PACKAGES = ("ПакетПредложений", "ИзмененияПакетаПредложений")


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_quantity_is_read_by_one_rule(shape: str, package: str) -> None:
    offers = "".join(
        f"<Предложение><Ид>{number}</Ид>{SHAPES[shape].format(text)}</Предложение>"
        for number, text in enumerate(RULES)
    )
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация ВерсияСхемы="2.08">'
        f"<{package}><Ид>c#</Ид><Предложения>{offers}</Предложения></{package}>"
        "</КоммерческаяИнформация>"
    )

    read = read_bytes(document.encode())

    found = {row["offer_id"]: row["quantity"] for row in read.rows[Dataset.STOCK]}
    found |= {each.key.partition("|")[0]: each.fault.cause.name for each in read.faults}
    assert dict(zip(RULES, (found.get(str(n)) for n in range(len(RULES))), strict=True)) == RULES


@pytest.mark.parametrize("text", RULES)
def test_our_csv_reads_a_quantity_by_the_same_rule(text: str) -> None:
    read = read_bytes(f'#obmen-catalog;2\noffer_id;quantity\no;"{text}"\n'.encode())

    found = [str(row["quantity"]) for row in read.rows.get(Dataset.STOCK, ())]
    found += [each.fault.cause.name for each in read.faults]
    assert found == [RULES[text]]
