"""Requisites say what the columns say: a column that was taken away leaves no trace in them."""

from typing import Any

import orjson
import pytest

from tasks.formats.commerceml.writing_fit import fit_batch
from tasks.model.datasets import Dataset
from tests.tasks.formats.writes import Row, make_table, make_terms


def _requisite(name: str, *values: str) -> Row:
    return {"name": name, "values": list(values)}


def _fit(version: str = "2.07", **row: Any) -> dict[str, Any]:
    (batch,) = make_table(Dataset.GOODS, {"id": "1"} | row).to_batches()
    (fitted,) = fit_batch(Dataset.GOODS, batch, make_terms(f"commerceml-{version}")).to_pylist()
    return {
        name: orjson.loads(value)
        if name in ("requisites", "taxes", "pictures") and value
        else value
        for name, value in fitted.items()
    }


_FEE = {"name": "Сбор", "rate": "1"}
_OTHER = _requisite("Цвет", "синий")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # A column without a requisite gets one; one that says the same stays as it is.
        ({"code": "7"}, [_requisite("Код", "7")]),
        ({"code": "7", "requisites": [_requisite("КОД", "7")]}, [_requisite("КОД", "7")]),
        (
            {"weight_kg": "2.5", "requisites": [_requisite("Вес, кг", "2,50")]},
            [_requisite("Вес, кг", "2,50")],
        ),
        # Another value is written anew, under the usual name.
        ({"code": "8", "requisites": [_requisite("код", "7"), _OTHER]},
         [_requisite("Код", "8"), _OTHER]),
        # The column was taken away by the selection: so is the requisite, under every name of it.
        ({"requisites": [_requisite("Код", "7"), _OTHER]}, [_OTHER]),
        ({"requisites": [_requisite("Бренд", "Ромашка"), _OTHER]}, [_OTHER]),
        # A requisite that is no number has an empty column by right.
        ({"requisites": [_requisite("Вес", "ок. 2 кг")]}, [_requisite("Вес", "ок. 2 кг")]),
    ],
)  # fmt: skip
def test_a_requisite_says_what_its_column_says(row: Row, expected: list[Row]) -> None:
    assert expected == _fit(**row)["requisites"]


def test_a_column_with_an_element_of_its_own_needs_no_requisite() -> None:
    assert _fit(country="Россия")["requisites"] is None
    assert _fit("3.1", volume_m3="2")["requisites"] == [_requisite("Объем", "2")]
    assert _fit("2.10", weight_kg="2")["requisites"] == [_requisite("Вес", "2")]
    assert _fit("3.1", weight_kg="2")["requisites"] is None


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"vat_rate": "20"}, [{"name": "НДС", "rate": "20"}]),
        ({"vat_rate": "20", "taxes": [{"name": "ндс (20 %)", "rate": "20"}]},
         [{"name": "ндс (20 %)", "rate": "20"}]),
        ({"vat_rate": "22", "taxes": [{"name": "НДС", "rate": "20"}, _FEE]},
         [{"name": "НДС", "rate": "22"}, _FEE]),
        ({"taxes": [{"name": "НДС", "rate": "20"}]}, None),
    ],
)  # fmt: skip
def test_the_taxes_say_what_the_rate_says(row: Row, expected: list[Row] | None) -> None:
    assert expected == _fit(**row)["taxes"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"description": "<b>а</b>", "is_description_html": True}, None),
        ({"description": "<b>а</b>", "is_description_html": False},
         [_requisite("ОписаниеВФорматеHTML", "false")]),
        ({"description": "а", "is_description_html": True},
         [_requisite("ОписаниеВФорматеHTML", "true")]),
        # A description of another source, or taken away: the old one may not come back as HTML.
        ({"description": "новое", "requisites": [_requisite("ОписаниеВФорматеHTML", "<i>б</i>")]},
         None),
        ({"requisites": [_requisite("ОписаниеВФорматеHTML", "<i>б</i>")],
          "extra": {"Описание": "старое"}}, None),
    ],
)  # fmt: skip
def test_the_requisites_say_whether_a_description_is_html(
    row: Row, expected: list[Row] | None
) -> None:
    fitted = _fit(**row)

    assert expected == fitted["requisites"]
    assert fitted["description"] == row.get("description")
    assert fitted["extra"] is None


def test_pictures_lie_in_the_folder_of_the_terms_and_keep_their_captions() -> None:
    pictures = [
        {"path": "import_files/a.jpg", "caption": "Вид"}, {"path": "b.jpg", "caption": None},
        {"path": "https://example.com/c.jpg", "caption": None},
    ]  # fmt: skip
    (batch,) = make_table(
        Dataset.GOODS,
        {"id": "1", "pictures": pictures,
         "requisites": [_requisite("ОписаниеФайла", "import_files/a.jpg#Вид")]},
    ).to_batches()  # fmt: skip

    (usual,) = fit_batch(Dataset.GOODS, batch, make_terms()).to_pylist()
    (other,) = fit_batch(Dataset.GOODS, batch, make_terms(pictures_under="pics")).to_pylist()

    assert [picture["path"] for picture in orjson.loads(usual["pictures"])] == [
        "import_files/a.jpg", "import_files/b.jpg", "https://example.com/c.jpg",
    ]  # fmt: skip
    assert [picture["path"] for picture in orjson.loads(other["pictures"])] == [
        "pics/a.jpg", "pics/b.jpg", "https://example.com/c.jpg",
    ]  # fmt: skip
    assert orjson.loads(other["pictures"])[0]["caption"] == "Вид"
    assert orjson.loads(other["requisites"]) == [_requisite("ОписаниеФайла", "pics/a.jpg#Вид")]
