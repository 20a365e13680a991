"""All malformed variants in one table, each with the mark under which its records stand."""

from typing import Final

from tests.malformed.broken_archives import ARCHIVES
from tests.malformed.broken_files import FILES
from tests.malformed.broken_goods import GOODS
from tests.malformed.broken_offers import OFFERS
from tests.malformed.broken_reexports import REEXPORTS
from tests.malformed.broken_trees import TREES
from tests.malformed.variant import Variant

VARIANTS: Final[dict[str, Variant]] = {
    f"v{number:03}": variant
    for number, variant in enumerate(
        (*FILES, *ARCHIVES, *GOODS, *TREES, *OFFERS, *REEXPORTS), start=1
    )
}
