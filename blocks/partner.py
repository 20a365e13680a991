"""A partner: who, over which channel, with which terms and limits. Data, edited in the UI."""

from typing import Literal, Self
from zoneinfo import available_timezones

from prefect.blocks.core import Block
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import BlockDocument
from pydantic import Field, ValidationError, field_validator

from blocks.channel import Folder, GatewayDoor
from blocks.commerceml_site import CommerceMLSite
from blocks.drop_folder import DropFolder
from blocks.object_prefix import ObjectPrefix
from blocks.publication import Publication
from blocks.sftp_folder import SftpFolder

_FAULTS_SHOWN = 5

Inbound = GatewayDoor | Folder
Way = CommerceMLSite | DropFolder | ObjectPrefix | SftpFolder


class BrokenBlockError(ValueError):
    """A partner's block holds what no partner can have."""


class Partner(Block):
    """One partner of an exchange; the block's name is the partner's name."""

    _block_type_slug = "partner"
    _block_type_name = "Obmen partner"
    _description = (
        "Whom we exchange with: a base that sends us its catalog, a portal that gets one."
    )

    channel: Inbound | Way = Field(description="How files travel between it and us")
    state: Literal["draft", "active", "paused", "closed"] = Field(
        default="draft", description="Only an active partner is exchanged with"
    )
    time_zone: str = Field(
        default="Europe/Moscow", description="Zone of its business days and of times without zone"
    )
    left_alone: list[str] = Field(
        default_factory=list,
        description='Fields that need not be read, as a list of paths: ["Товар/МоёПоле"]',
    )
    undeclared: list[Literal["price_types", "warehouses"]] = Field(
        default_factory=list, description="Kinds that its files use without declaring them"
    )
    negative_stock: Literal["allow", "refuse"] = Field(
        default="allow", description="What a quantity below zero means"
    )
    is_total_sum: bool = Field(
        default=False,
        description="It promises that each total of stock is the sum of its warehouses: a run of "
        "the stock exchange fails where that is not so",
    )
    refused_share_max: float = Field(
        default=0.5, ge=0, le=1, description="A file with a larger share refused fails its run"
    )
    required: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Columns that it promised to fill, by kind of record: "
        '{"goods": ["article", "barcode"]}. A record without one is refused',
    )

    direction: Literal["in", "out", "both"] = Field(
        default="both",
        description="One way (in: it sends to us; out: we publish to it) or both, as far as the "
        "channel goes",
    )
    deletion_share_max: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Deletions of a larger share of a kind, and of more than deletion_count_max "
        "records, wait for a person",
    )
    deletion_count_max: int = Field(
        default=20, ge=0, description="So many deletions never wait for a person"
    )
    publication: Publication = Field(
        default_factory=Publication, description="What we publish to it"
    )

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        if zone not in available_timezones():
            message = f"{zone!r} is no time zone; write one such as Asia/Vladivostok"
            raise ValueError(message)
        return zone

    @classmethod
    def _from_block_document(cls, block_document: BlockDocument) -> Self:
        """Read a channel as the type of block that it is.

        Prefect 3.8.8 gives the nested block's fields without its type, and the first type that
        could hold them would win: a site with a login would become a door.
        """
        data = dict(block_document.data)
        for field, reference in block_document.block_document_references.items():
            slug = reference["block_document"]["block_type"]["slug"]
            data[field] = dict(data[field]) | {"block_type_slug": slug}
        return super()._from_block_document(block_document.model_copy(update={"data": data}))

    @property
    def publishes(self) -> bool:
        """Say whether we publish to it: over a channel that goes out, from a source."""
        return (
            self.direction != "in"
            and bool(self.publication.source)
            and not isinstance(self.channel, Inbound)
        )

    @property
    def name(self) -> str:
        """The name of the block document, which is the partner's."""
        return self._block_document_name or ""


async def load_partner(name: str) -> Partner:
    """Read a partner's block.

    Raises BrokenBlockError, in a sentence: Prefect's forms save whatever fits their schema, e.g. a
    time zone that there is not.
    """
    try:
        block: Partner = await Partner.aload(name)
    except RuntimeError as failure:
        if not isinstance(failure.__cause__, ValidationError):
            raise
        # Without what was typed, and without the library's own text, which quotes it: passwords.
        found = failure.__cause__.errors(
            include_url=False, include_context=False, include_input=False
        )
        said = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found[:_FAULTS_SHOWN]
        )
        message = f"its block cannot be read: {said}"
        raise BrokenBlockError(message) from None
    return block


async def list_partner_names() -> list[str]:
    """Return the names of all partner blocks."""
    async with get_client() as client:
        documents = await client.read_block_documents_by_type("partner")
    return sorted(document.name for document in documents if document.name)
