"""What a version cannot say, each with its reason: nothing else of a table is missing in a file.

A test holds the list against the layouts, column by column and version by version.
"""

from dataclasses import dataclass
from typing import Final

NEVER: Final = "never"


@dataclass(frozen=True, slots=True)
class Unsaid:
    """`since` is the first version that says it; `reason` why those before cannot."""

    since: str
    reason: str


_MARK: Final = (
    "the standard has no mark for it before 2.09: the row is left out, so a full file deletes it "
    "and a file of changes cannot"
)
_STAMP: Final = "the standard has no change stamp before 2.09"
_KEPT: Final = (
    "before 2.08 only what the standard has: fields of shops and measures of parcels are not said; "
    "at no version a field inside an entry of a list, whose place is not kept"
)
_ORDERS: Final = "counterparties and orders belong to the exchange of orders, not to a catalog"

# Dataset, or dataset and column -> what is not said.
UNSAID: Final[dict[str, Unsaid]] = {
    "counterparties": Unsaid(NEVER, _ORDERS),
    "documents": Unsaid(NEVER, _ORDERS),
    "movements": Unsaid(NEVER, "a catalog has no place for movements of goods"),
    "categories": Unsaid("2.08", "no file of 2.07 was seen with a list of categories"),
    "units": Unsaid("2.08", "no file of 2.07 was seen with a list of units"),
    "groups.is_deleted": Unsaid("2.09", _MARK),
    "properties.is_deleted": Unsaid("2.09", _MARK),
    "categories.is_deleted": Unsaid("2.09", _MARK),
    "units.is_deleted": Unsaid("2.09", _MARK),
    "price_types.is_deleted": Unsaid("2.09", _MARK),
    "warehouses.is_deleted": Unsaid("2.09", _MARK),
    "groups.version": Unsaid("2.09", _STAMP),
    "properties.version": Unsaid("2.09", _STAMP),
    "categories.version": Unsaid("2.09", _STAMP),
    "units.version": Unsaid("2.09", _STAMP),
    "price_types.version": Unsaid("2.09", _STAMP),
    "warehouses.version": Unsaid("2.09", _STAMP),
    "goods.version": Unsaid("2.09", _STAMP),
    "offers.version": Unsaid("2.09", _STAMP),
    "goods.category_id": Unsaid("2.08", "a product names its category from 2.08 on"),
    "properties.is_external": Unsaid("2.09", "Внешний was first seen in 2.09"),
    "prices.tax_name": Unsaid("3.1", "a tax stands on the price type, a price has its own in 3.1"),
    "prices.is_tax_included": Unsaid("3.1", "a tax stands on the price type before 3.1"),
    "stock.extra": Unsaid(NEVER, "a stock figure has no element beside warehouse and quantity"),
    "categories.extra": Unsaid("2.08", _KEPT),
    "units.extra": Unsaid("2.08", _KEPT),
}

# Values of columns that are said otherwise.
UNSAID_VALUES: Final[dict[str, Unsaid]] = {
    "properties.is_required=false": Unsaid(
        "3.1", "2.x says for what a property is required (Для каталога), and has no word for not"
    ),
    "properties.choices[].is_default": Unsaid("2.08", "an addition of Bitrix"),
    "properties.choices[].sort": Unsaid("2.08", "an addition of Bitrix"),
    "properties.choices[].own_id": Unsaid("2.08", "an addition of Bitrix"),
    "goods.properties[].type": Unsaid("2.08", "an addition of Bitrix"),
    "offers.properties[].type": Unsaid("2.08", "an addition of Bitrix"),
    "goods.pictures[].caption": Unsaid(
        NEVER, "a caption is found by the path before '#': a path that holds one has no caption"
    ),
    "*.extra{}": Unsaid("2.08", _KEPT),
    "groups.parent_id": Unsaid(
        "2.09",
        "a parent that is not in the package can be named from 2.09 on; before, it is refused",
    ),
    "*.catalog_id": Unsaid(
        NEVER, "a package has one catalog and one classifier, those of its terms"
    ),
    "*.classifier_id": Unsaid(NEVER, "the same"),
}
