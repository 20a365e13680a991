"""Which file names come in: commerceml.md 1.6, and every attack of its section 5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.gateway.names import NameFaultError, clean_name, is_archive, is_attachment, shown

GUID = "5335d080-66b0-4355-887c-d54bba6f1f08"

ALLOWED = [
    "import.xml",
    "offers.xml",
    "import1.xml",
    "import0_1.xml",
    "offers0_12.xml",
    f"orders-{GUID}.xml",
    f"orders-{GUID}_3.xml",
    "v8_1065_3a.zip",
    "V8_1065.ZIP",
    f"import___{GUID}.xml",
    f"offers___{GUID}.xml",
    f"prices___{GUID}.xml",
    f"rests___{GUID}.xml",
    "groups_1.xml",
    f"propertiesGoods_1_1_{GUID}.xml",
    f"propertiesOffers_1_1_{GUID}.xml",
    f"priceLists_1_1_{GUID}.xml",
    f"storages_1_1_{GUID}.xml",
    f"units_1_1_{GUID}.xml",
    f"goods/goods_1_1_{GUID}.xml",
    f"prices/1/prices_1_1_{GUID}.xml",
    f"contragents_1_{GUID}.xml",
    "webdata/000000001/import0_1.xml",
    "Каталог_Товаров.xml",
    "Ґрупи-їжа.xml",
    f"import_files/5c/{GUID}_{GUID}.jpg",
    "import_files/5c/a.JPEG",
    "import_files/5c/a.png",
    "import_files/a.gif",
    "import_files/a.webp",
    "import_files/a.bmp",
    "import_files/инструкция.pdf",
    f"goods/1/import_files_{GUID}/ab/a.jpg",
    "products_files/iblock/9f6/a.jpg",
    "pictures/photo.jpg",
    "vk_457239017.jpg",
]

HOSTILE = [
    "",
    ".",
    "..",
    "/",
    "../a.xml",
    "..\\a.xml",
    "a/../b.xml",
    "a/..\\..\\b.xml",
    "./a.xml",
    "/etc/passwd",
    "/a.xml",
    "\\a.xml",
    "\\\\host\\share\\a.xml",
    "C:\\a.xml",
    "c:/a.xml",
    "c:a.xml",
    "file:///etc/a.xml",
    "http://host/a.xml",
    "a.xml\0",
    "a\0.xml",
    "a.xml\0.zip",
    "a\n.xml",
    "a\r\nSet-Cookie: x.xml",
    "a.xml/",
    "a//b.xml",
    "a/.xml",
    ".xml",
    ".htaccess",
    "..xml",
    "a..",
    "a.xml.",
    "%2e%2e%2fa.xml",
    "..%2fa.xml",
    "．．／a.xml",
    "..\u2215a.xml",
    "\u202elmx.exe.xml",
    "a b.xml",
    "a.php",
    "a.xml.php",
    "a.exe",
    "a.html",
    "a.js",
    "a.phtml",
    "import_files/a.php",
    "a",
    "xml",
    "zip",
    "import_files/../a.jpg",
    "import_files/a.jpg.php",
    "a" * 252 + ".xml",
    "/".join(["a"] * 9) + "/a.xml",
    "a;rm -rf.xml",
    "a|b.xml",
    "$(id).xml",
    "'a'.xml",
    '"a".xml',
    "<a>.xml",
    "a?.xml",
    "a*.xml",
    "a:stream.xml",
    "~/a.xml",
    "a\u0301" * 130 + ".xml",
    "\ud800.xml",
    "名前.xml",
]


@pytest.mark.parametrize("name", ALLOWED)
def test_a_name_that_1c_uses_comes_in_as_it_is(name: str) -> None:
    assert name == clean_name(name)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(NameFaultError):
        clean_name(name)


def test_backslashes_are_folders() -> None:
    assert clean_name("import_files\\5c\\a.jpg") == "import_files/5c/a.jpg"


def test_a_composed_and_a_decomposed_letter_are_one_name() -> None:
    assert clean_name("и\u0306од.xml") == clean_name("йод.xml")


@given(st.text(max_size=300))
def test_a_name_that_comes_in_stays_inside_any_folder(text: str) -> None:
    try:
        name = clean_name(text)
    except NameFaultError:
        return

    assert not name.startswith("/")
    assert not {"", ".", ".."} & set(name.split("/"))
    assert not set(name) & set("\\:\0%\n\r ")


@given(st.text(max_size=300))
def test_a_shown_text_is_one_printable_line(text: str) -> None:
    assert shown(text).isprintable()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("import_files/a.jpg", True),
        ("a.PNG", True),
        ("import_files/a.xml", False),
        ("a.zip", False),
    ],
)
def test_an_attachment_is_known_by_its_kind(name: str, *, answer: bool) -> None:
    assert answer == is_attachment(name)


def test_an_archive_is_known_by_its_suffix() -> None:
    assert is_archive("v8.ZIP")
    assert not is_archive("zip.xml")
