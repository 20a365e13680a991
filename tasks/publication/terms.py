"""From a portal's terms to those of its files: stable ids, its zone, the one clock."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from tasks.formats.commerceml.writing import WritingTerms
from tasks.model.datasets import Extent
from tasks.model.portals import Portal

# Ids of what the source did not name itself. They never change: sites file by them.
_OURS: Final = UUID("6f0a6d3e-6f62-4d65-8e4f-62d6e6f6e001")


def writing_terms(portal: Portal, formed_at: datetime, *, is_full: bool) -> WritingTerms:
    """Return how this portal's package is to be written; `formed_at` is the package's clock."""
    source = portal.selection.source
    catalog_id = str(uuid5(_OURS, f"{source}/catalog"))
    return WritingTerms(
        dialect=portal.dialect,
        extent=Extent.FULL if is_full else Extent.CHANGES,
        formed_at=formed_at.astimezone(portal.zone),
        catalog_id=catalog_id,
        catalog_name=source,
        classifier_id=str(uuid5(_OURS, f"{source}/classifier/{portal.selection.tree}")),
        package_id=f"{catalog_id}#",
        owner_id=str(uuid5(_OURS, source)),
        owner_name=source,
        encoding=portal.encoding,
        has_bom=portal.has_bom,
        has_namespace=portal.has_namespace,
        renames=portal.renames,
    )


def terms_as_json(terms: WritingTerms) -> dict[str, Any]:
    """Return terms as they are kept with a formed file."""
    return {
        "dialect": terms.dialect,
        "extent": terms.extent.value,
        "formed_at": terms.formed_at.isoformat(),
        "time_zone": str(terms.formed_at.tzinfo),
        "catalog_id": terms.catalog_id,
        "catalog_name": terms.catalog_name,
        "classifier_id": terms.classifier_id,
        "package_id": terms.package_id,
        "owner_id": terms.owner_id,
        "owner_name": terms.owner_name,
        "encoding": terms.encoding,
        "has_bom": terms.has_bom,
        "has_namespace": terms.has_namespace,
        "renames": dict(terms.renames),
    }


def terms_from_json(kept: dict[str, Any]) -> WritingTerms:
    """Read kept terms back."""
    words = dict(kept)
    words.pop("time_zone")
    return WritingTerms(
        **words
        | {"extent": Extent(kept["extent"]), "formed_at": datetime.fromisoformat(kept["formed_at"])}
    )
