"""One product of a company as it was at first: everything from the seed and its number."""

from decimal import Decimal
from random import Random

from sandbox.dice import die, ean13, guid, money
from sandbox.frame import Frame
from sandbox.nouns import Good, Offer, Picture, Price, PriceType, Property, Unit
from sandbox.words import BRANDS, COLOURS, COUNTRIES, KINDS, NOTES, NOUNS, SIZES, TRAITS, VAT_RATES

MAX_CHARACTERISTICS = 4
_RATES = {"RUB": 1, "USD": 90, "EUR": 100}


def make_good(seed: int, index: int, frame: Frame, *, pictures: bool) -> Good:
    """The product card number `index`."""
    luck = die(seed, "good", index)
    good_id = guid(seed, "good", index)
    brand_no = luck.randrange(len(BRANDS))
    name = f"{luck.choice(NOUNS)} {luck.choice(TRAITS)} {BRANDS[brand_no]} {index + 1}"
    unit = frame.units[0] if luck.random() < 0.8 else luck.choice(frame.units)
    pack_qty = luck.choice((1, 6, 10, 12, 24))
    is_html = luck.random() < 0.3
    return Good(
        id=good_id,
        code=f"00-{index + 1:08d}",
        name=name,
        full_name=f"{name}, {luck.choice(TRAITS)}, артикул изготовителя {index + 1}",
        article=f"А-{index + 1:06d}" if luck.random() > 0.05 else "",
        barcode=ean13("46", index * 10),
        part_number=_part_number(luck, brand_no, index),
        unit=unit,
        packages=((frame.units[1], pack_qty),) if pack_qty > 1 else (),
        pack_qty=pack_qty,
        weight_kg=_small(luck, 3) if luck.random() > 0.01 else Decimal(0),
        volume_m3=_small(luck, 5),
        availability_note=luck.choice(NOTES) if luck.random() < 0.2 else "",
        description=_description(luck, name, is_html=is_html),
        is_description_html=is_html,
        kind=luck.choice(KINDS),
        group_ids=_group_ids(luck, frame),
        country=luck.choice(COUNTRIES),
        brand=BRANDS[brand_no],
        manufacturer_id=guid(seed, "manufacturer", brand_no),
        manufacturer_name=f"ООО «{BRANDS[brand_no]}»",
        vat_rate=luck.choice(VAT_RATES),
        pictures=_pictures(luck, good_id) if pictures else (),
        properties=_properties(luck, frame.properties),
    )


def make_offers(seed: int, index: int, good: Good, frame: Frame) -> tuple[Offer, ...]:
    """The offers of a product: one for the product itself, or one for each characteristic."""
    luck = die(seed, "offers", index)
    if luck.random() < 0.7:
        return (_offer(luck, good, frame, None, 0),)
    number = luck.randrange(2, MAX_CHARACTERISTICS + 1)
    pairs = luck.sample([(colour, size) for colour in COLOURS for size in SIZES], number)
    return tuple(_offer(luck, good, frame, pair, no) for no, pair in enumerate(pairs, start=1))


def _offer(
    luck: Random, good: Good, frame: Frame, pair: tuple[str, str] | None, number: int
) -> Offer:
    characteristic_id = guid("characteristic", good.id, number) if pair else None
    return Offer(
        id=f"{good.id}#{characteristic_id}" if characteristic_id else good.id,
        product_id=good.id,
        characteristic_id=characteristic_id,
        name=f"{good.name} ({pair[0]}, {pair[1]})" if pair else good.name,
        article=good.article,
        barcode=ean13("46", int(good.code[3:]) * 10 - 10 + number),
        unit=good.unit,
        characteristics=(("Цвет", pair[0]), ("Размер", pair[1])) if pair else (),
        prices=tuple(_prices(luck, good, frame.price_types)),
        stock=tuple((warehouse.id, _quantity(luck, good.unit)) for warehouse in frame.warehouses),
    )


def _prices(luck: Random, good: Good, types: tuple[PriceType, ...]) -> list[Price]:
    base = money(luck, 20, 50_000)
    prices = [
        Price(
            price_type_id=kind.id,
            amount=(base * luck.randrange(60, 130) / 100 / _RATES[kind.currency]).quantize(
                Decimal("0.01")
            )
            + Decimal("0.10"),
            currency=kind.currency,
            unit=good.unit,
        )
        for kind in types
    ]
    if good.packages and luck.random() < 0.1:
        unit, coefficient = good.packages[0]
        first = types[0]
        amount = (base * coefficient * 95 / 100).quantize(Decimal("0.01"))
        prices.append(Price(first.id, amount, first.currency, unit, coefficient, min_qty=2))
    return prices


def _quantity(luck: Random, unit: Unit) -> Decimal:
    if luck.random() < 0.3:
        return Decimal(0)
    whole = Decimal(luck.randrange(1, 500))
    return whole + Decimal(luck.randrange(1000)) / 1000 if unit.international == "KGM" else whole


def _small(luck: Random, places: int) -> Decimal:
    return Decimal(luck.randrange(1, 9_999)).scaleb(-places)


def _part_number(luck: Random, brand_no: int, index: int) -> str:
    """Unique once case and spaces are taken away; some vendors write it loosely."""
    neat = f"PN{brand_no}-{index + 1:07d}"
    return luck.choice((neat, neat, neat, neat.lower(), neat.replace("-", "- ")))


def _description(luck: Random, name: str, *, is_html: bool) -> str:
    if is_html:
        return f"<p><b>{luck.choice(NOUNS)}</b> &mdash; {luck.choice(TRAITS)}<br/>Хит!</p>"
    return f"{name}.\nГарантия {luck.randrange(6, 36)} мес. Упаковка: «эконом»."


def _group_ids(luck: Random, frame: Frame) -> tuple[str, ...]:
    if luck.random() < 0.03:
        return ()
    count = 2 if luck.random() < 0.1 else 1
    return tuple(group.id for group in luck.sample(frame.groups, count))


def _pictures(luck: Random, good_id: str) -> tuple[Picture, ...]:
    if luck.random() < 0.6:
        return ()
    return tuple(
        Picture(
            path=f"import_files/{good_id[:2]}/{good_id}_{guid('picture', good_id, number)}.png",
            caption=f"вид {number + 1}",
            paint_seed=luck.getrandbits(63),
        )
        for number in range(luck.randrange(1, 4))
    )


def _properties(
    luck: Random, known: tuple[Property, ...]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    def value(known_property: Property) -> str:
        match known_property.kind:
            case "Справочник":
                return luck.choice(known_property.choices)[0]
            case "Число":
                return str(luck.randrange(10, 3000))
            case "Время":
                return f"20{luck.randrange(18, 27)}-{luck.randrange(1, 13):02d}-15T00:00:00"
            case "Строка":
                return luck.choice(TRAITS)
        raise ValueError(known_property.kind)

    return tuple((each.id, (value(each),)) for each in known if luck.random() < 0.7)
