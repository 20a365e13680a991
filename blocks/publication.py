"""What a partner sees of a source's catalog, as people choose it in the UI."""

from typing import Literal

from pydantic import BaseModel, Field, model_validator

Kind = Literal["properties", "pictures", "prices", "stock"]


class Publication(BaseModel):
    """What goes out to this partner: nothing, as long as no source is named."""

    source: str = Field(
        default="",
        description="Name of the partner block whose catalog it gets. Empty: nothing goes out",
    )
    dialect: Literal[
        "commerceml-2.07", "commerceml-2.08", "commerceml-2.09", "commerceml-2.10", "commerceml-3.1"
    ] = Field(default="commerceml-2.09", description="How its files are written")
    encoding: Literal["utf-8", "windows-1251"] = Field(
        default="utf-8", description="Encoding of its files"
    )
    has_bom: bool = Field(
        default=True, description="Begin files of utf-8 with a byte order mark, as 1C does"
    )
    has_namespace: bool = Field(
        default=True,
        description="Name the namespace of CommerceML; off for sites that then find no element",
    )
    groups: list[str] = Field(
        default_factory=list,
        description="Ид of groups it gets, each with all below it. Empty: the whole tree",
    )
    price_types: list[str] = Field(
        default_factory=list, description="Ид of price types it gets. Empty: all"
    )
    warehouses: list[str] = Field(
        default_factory=list,
        description="Ид of warehouses whose stock it sees; its total is their sum. Empty: all",
    )
    # Not a factory: the form shows a default only where it stands in the schema.
    kinds: list[Kind] = Field(
        default=["properties", "pictures", "prices", "stock"],
        description="What it gets beside groups, products and offers",
    )
    fields: list[str] = Field(
        default_factory=list,
        description="Columns of products and offers it gets beside id, name and groups, "
        'e.g. ["article", "barcode"]. Empty: all',
    )
    tree: Literal["source", "customer"] = Field(
        default="source",
        description="Whose groups it gets: the source's, or its own by the map that the "
        "deployment load-tree takes",
    )
    pricing: Literal["base", "policy"] = Field(
        default="base",
        description="Which prices it sees: the source's by price type, or one of its own that the "
        "price policy gives it (load-price-policy)",
    )
    rate_age_days: int = Field(
        default=0,
        ge=0,
        le=14,
        description="Days for which a rate still counts, for holidays on which none is set; prices "
        "without a rate do not go",
    )
    renames: dict[str, str] = Field(
        default_factory=dict,
        description='Elements that another column fills, e.g. {"Товар/Наименование": "full_name"}',
    )
    every_min: int = Field(
        default=5, ge=1, le=1440, description="Minutes between rounds of its own accord"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> "Publication":
        if self.price_types and "prices" not in self.kinds:
            message = "price types are chosen, but prices are not among the kinds it gets"
            raise ValueError(message)
        if self.price_types and self.pricing == "policy":
            message = "price types are chosen, but it sees one of its own: pricing is policy"
            raise ValueError(message)
        if self.warehouses and "stock" not in self.kinds:
            message = "warehouses are chosen, but stock is not among the kinds it gets"
            raise ValueError(message)
        return self
