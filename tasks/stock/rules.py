"""A price policy as people write it: rows that say who pays what, and which of them may not stand.

    вид          says                           for whom              for what
    участник     a partner belongs to a group   партнёр + группа дилеров
    база         the price type to begin with,  everybody, a dealer
                 the currency of the result     group or a partner
    скидка       percent off                    the same              everything, a vendor, a group
                                                                      with all below it, a vendor in
                                                                      a group, a product, an offer;
                                                                      from a quantity on
    цена         a fixed price with currency    the same              a product or an offer; from a
                                                                      quantity on
    округление   a step to round to, half up    the same

The most specific rule wins, in this order: a fixed price before any discount; what it is for
(offer, product, vendor in a group, group, vendor, everything); of groups the nearest; for whom
(partner, dealer group, everybody); the largest quantity that is reached; of two groups or vendors
that are equally near, the row that stands first. Rules that say the same of the same are no policy,
and half a policy gives wrong prices: one bad row, and nothing of the file is taken. A fixed price
stays as agreed: only one that is converted is rounded to the step.

The prices themselves are computed in SQL (`core.partner_price`). Pure: lines in, refusals out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from tasks.formats.currencies import parse_currency
from tasks.formats.sheets import Refused
from tasks.formats.values import ValueFaultError, parse_decimal, parse_id
from tasks.model.causes import Cause
from tasks.stock.tables import Column, Line

_KINDS: Final = {
    "участник": "member",
    "база": "base",
    "скидка": "discount",
    "цена": "fixed",
    "округление": "rounding",
}
_WHOM: Final = ("partner", "dealer_group")
_ITEMS: Final = ("offer", "product", "product_group")
_SCOPE: Final = (*_WHOM, "vendor", *_ITEMS, "min_qty")
_NEEDED: Final = {
    "member": ("partner", "dealer_group"),
    "base": ("price_type",),
    "discount": ("percent",),
    "fixed": ("amount", "currency"),
    "rounding": ("step",),
}
_ALLOWED: Final = {
    "member": frozenset(_WHOM),
    "base": frozenset({*_WHOM, "price_type", "currency"}),
    "discount": frozenset({*_SCOPE, "percent"}),
    "fixed": frozenset({*_WHOM, "product", "offer", "min_qty", "amount", "currency"}),
    "rounding": frozenset({*_WHOM, "step"}),
}


def _parse_kind(text: str) -> str | None:
    said = text.strip().lower()
    if said in _NEEDED or not said:
        return said or None
    if said not in _KINDS:
        raise ValueFaultError(Cause.RULE_BROKEN, text, ", ".join(_KINDS))
    return _KINDS[said]


def _parse_vendor(text: str) -> str | None:
    said = parse_id(text)
    return said.upper() if said else None


def _between(least: str, most: str) -> Callable[[str], str | None]:
    def parse(text: str) -> str | None:
        number = parse_decimal(text.replace("%", ""))
        if number is not None and not Decimal(least) <= Decimal(number) <= Decimal(most):
            raise ValueFaultError(Cause.NUM_RANGE, text, f"{least} … {most}")
        return number

    return parse


_MOST: Final = "999999999999"
COLUMNS: Final[Mapping[str, Column]] = {
    "kind": Column(frozenset({"вид", "kind"}), _parse_kind, is_required=True),
    "partner": Column(frozenset({"партнёр", "партнер", "partner"}), parse_id),
    "dealer_group": Column(frozenset({"группа дилеров", "dealer_group"}), parse_id),
    "vendor": Column(frozenset({"вендор", "производитель", "бренд", "vendor"}), _parse_vendor),
    "product_group": Column(frozenset({"группа товаров", "product_group"}), parse_id),
    "product": Column(frozenset({"товар", "product"}), parse_id),
    "offer": Column(frozenset({"предложение", "offer"}), parse_id),
    "min_qty": Column(frozenset({"от количества", "min_qty"}), _between("0", _MOST)),
    "price_type": Column(frozenset({"тип цен", "price_type"}), parse_id),
    "currency": Column(frozenset({"валюта", "currency"}), parse_currency),
    "percent": Column(frozenset({"скидка, %", "скидка %", "percent"}), _between("-1000", "100")),
    "amount": Column(frozenset({"цена", "amount"}), _between("0", _MOST)),
    "step": Column(frozenset({"шаг округления", "step"}), _between("0.0001", "1000000")),
}


def judge_rules(lines: Iterable[Line]) -> list[Refused]:
    """Refuse the rows that say too little or too much, and those that tie with an earlier one."""
    refused: list[Refused] = []
    first: dict[tuple[object, ...], int] = {}
    for line in lines:
        if fault := _judge_row(line):
            refused.append(fault)
            continue
        row_no = first.setdefault(_scope(line), line.row_no)
        if row_no != line.row_no:
            place = next((name for name in _SCOPE if line[name]), "kind")
            why = f"О том же самом уже говорит строка {row_no}: какая из них верна?"
            refused.append(line.refuse(place, why))
    return refused


def _scope(line: Line) -> tuple[object, ...]:
    if line["kind"] == "member":
        return "member", line["partner"]
    return line["kind"], *(line[name] for name in _SCOPE[:-1]), line["min_qty"] or "0"


def _judge_row(line: Line) -> Refused | None:
    kind = line["kind"] or ""
    for name in _NEEDED[kind]:
        if line[name] is None:
            return line.refuse(name, f"Не заполнено «{_russian(name)}».")
    for name, value in line.values.items():
        if value is not None and name != "kind" and name not in _ALLOWED[kind]:
            return line.refuse(name, f"Правило этого вида не может зависеть от «{_russian(name)}».")
    return None if kind == "member" else _judge_scope(line)


def _judge_scope(line: Line) -> Refused | None:
    if _filled(line, _WHOM) == len(_WHOM):
        return line.refuse("dealer_group", "Или партнёр, или группа дилеров, не то и другое.")
    if _filled(line, _ITEMS) > 1:
        return line.refuse(
            next(name for name in _ITEMS if line[name]),
            "Или группа товаров, или товар, или предложение.",
        )
    if line["vendor"] and (line["product"] or line["offer"]):
        return line.refuse("vendor", "Товар уже назван: вендор здесь лишний.")
    if line["kind"] == "fixed" and not _filled(line, ("product", "offer")):
        return line.refuse("offer", "Цена назначается товару или предложению.")
    return None


def _filled(line: Line, names: Sequence[str]) -> int:
    return sum(line[name] is not None for name in names)


def _russian(column: str) -> str:
    return min(COLUMNS[column].names, key=lambda name: (name.isascii(), name))
