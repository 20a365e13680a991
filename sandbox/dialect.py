"""How the generations of 1C's clients spell CommerceML (fact sheet 1.1-1.6)."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Client(StrEnum):
    """The program on 1C's side."""

    A = "a"  # the standard module of УТ 11
    OLD = "old"  # the standard module of 1C 8.0-8.2
    B209 = "b209"  # the portal vendor's module, 2.09
    B31 = "b31"  # the same, 3.1


class UnitShape(Enum):
    """How БазоваяЕдиница is written."""

    TEXT = "text with attributes"
    PACKAGES = "attributes and Пересчет, no text"
    CODE = "OKEI code padded by a space"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One spelling of the format."""

    client: Client
    version: str
    namespace: str | None
    encoding: str
    unit_shape: UnitShape
    is_versioned: bool = False  # НомерВерсии and ПометкаУдаления in every record
    barcode_tag: str = "Штрихкод"
    is_extent_element: bool = False  # СодержитТолькоИзменения is a child element, not an attribute

    @property
    def has_bom(self) -> bool:
        """1C writes a byte order mark whenever it writes UTF-8."""
        return self.encoding == "UTF-8"


_NS2 = "urn:1C.ru:commerceml_2"

DIALECTS: dict[tuple[Client, str], Dialect] = {
    (each.client, each.version): each
    for each in (
        Dialect(Client.A, "2.07", _NS2, "UTF-8", UnitShape.PACKAGES),
        Dialect(Client.A, "2.05", "urn:1C.ru:commerceml_205", "UTF-8", UnitShape.PACKAGES),
        Dialect(Client.OLD, "2.04", None, "windows-1251", UnitShape.TEXT),
        Dialect(
            Client.OLD,
            "2.03",
            None,
            "windows-1251",
            UnitShape.TEXT,
            barcode_tag="ШтрихКод",
            is_extent_element=True,
        ),
        Dialect(Client.B209, "2.09", _NS2, "UTF-8", UnitShape.PACKAGES, is_versioned=True),
        Dialect(
            Client.B31, "3.1", "urn:1C.ru:commerceml_3", "UTF-8", UnitShape.CODE, is_versioned=True
        ),
    )
}


def dialect_of(client: Client, version: str | None = None) -> Dialect:
    """The dialect a client writes: `version`, or the client's usual one."""
    known = [each for (owner, _), each in DIALECTS.items() if owner is client]
    return known[0] if version is None else DIALECTS[client, version]
