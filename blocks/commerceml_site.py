"""A portal that takes catalogs over the CommerceML exchange, as sites take them from 1C."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import httpx
from prefect.blocks.core import Block
from pydantic import Field, SecretStr, field_validator

from blocks.outbound import Outcome, Parcel, Receipt, check_package
from blocks.site.reading import read_catalog
from blocks.site.sending import deliver
from blocks.site.terms import Charset, SiteTerms

_USUAL_PATH = "/bitrix/admin/1c_exchange.php"


class CommerceMLSite(Block):
    """We go to the site as its 1C would: login, limits, files, import."""

    _block_type_slug = "commerceml-site"
    _block_type_name = "Obmen CommerceML site"
    _description = "A site or portal that takes catalogs from 1C over the CommerceML exchange."

    url: str = Field(
        description="Address of the exchange as it would be entered in 1C, without '?'. A host "
        f"alone means {_USUAL_PATH} there. The site must not redirect to another host. With "
        "http:// the password travels open: only within your own network"
    )
    login: str = Field(default="", max_length=200, description="Login that the site gave to its 1C")
    password: SecretStr = Field(default=SecretStr(""), description="Password of that login")
    imports_at: Literal["import", "file"] = Field(
        default="import",
        description="When the site begins to import: at `import`, as the protocol says, or as soon "
        "as it has the file (some sites; ask its developer). Then `import` is never said",
    )
    imports_after: Literal["each", "all"] = Field(
        default="each",
        description="Each document is imported before the next is sent, as 1C does it; or all are "
        "sent first, so that a line that breaks before leaves the site as it was",
    )
    success_means: Literal["applied", "queued"] = Field(
        default="applied",
        description="Whether the site has done the work when it says success, or only queued it",
    )
    readback: Literal["none", "get_catalog"] = Field(
        default="none",
        description="How the site can be asked what it holds: Bitrix answers type=get_catalog",
    )
    may_zip: bool = Field(
        default=True, description="Send one archive where the site says zip=yes; off: plain files"
    )
    piece_limit: int = Field(
        default=0,
        ge=-1,
        description="Bytes of one piece of a file, where the site's own file_limit is wrong; "
        "0: as the site says; -1: never split, for sites that do not join pieces rightly",
    )
    version: Literal["", "2.08", "2.09", "2.10", "3.1"] = Field(
        default="",
        description="Name this version= in requests, as Bitrix's own 1C module does; empty: do not",
    )
    says_complete: bool = Field(
        default=False,
        description="Say mode=complete at the end, as Bitrix's own 1C module does; only for sites "
        "that know it",
    )
    charset: Charset = Field(
        default="auto", description="Encoding of the site's answers, where it is not recognised"
    )
    user_agent: str = Field(
        default="1C+Enterprise/8.3",
        pattern=r"^[ -~]+$",
        description="Name of our program; some sites answer nobody but 1C",
    )
    ca_file: str = Field(
        default="",
        description="Certificate authority of the site, a PEM file on this server, where it is "
        "none that everybody trusts",
    )
    connect_timeout_s: float = Field(
        default=10, gt=0, description="Seconds to wait for a connection"
    )
    request_timeout_s: float = Field(
        default=300,
        gt=0,
        description="Seconds for one request from first byte to last. Sites hold `import` up to "
        "three minutes: below 180 a working site looks broken",
    )
    package_timeout_s: float = Field(
        default=7200, gt=0, description="Seconds for a whole package, with all waiting"
    )
    pause_s: float = Field(
        default=1,
        ge=0.01,
        le=60,
        description="Seconds between two questions while the site says progress; grows while the "
        "site repeats itself",
    )

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, text: str) -> str:
        try:
            url = httpx.URL(text.strip())
        except httpx.InvalidURL:
            url = httpx.URL("")
        if url.scheme not in {"http", "https"} or not url.host:
            message = f"{text!r} is no address; write one such as https://shop.example.ru/exchange"
            raise ValueError(message)
        if "?" in text or "#" in text:
            message = f"{text!r} must end before '?' or '#': what follows is ours to say"
            raise ValueError(message)
        if url.userinfo:
            message = "login and password have fields of their own; take them out of the address"
            raise ValueError(message)
        return str(url.copy_with(path=_USUAL_PATH) if url.path in {"", "/"} else url)

    async def send(self, package: Sequence[Parcel]) -> Receipt:
        """Carry a package to the site. See `blocks.outbound.Outbound`."""
        check_package(package)
        receipt = await deliver(self._terms(), package)
        is_queued = receipt.outcome is Outcome.DELIVERED and self.success_means == "queued"
        return replace(receipt, is_final=False) if is_queued else receipt

    async def probe(self, package: Sequence[Parcel]) -> Receipt:
        """Say that it cannot be seen: the protocol has no question about a file."""
        names = ", ".join(each.name for each in package)
        return Receipt(
            Outcome.IN_DOUBT,
            "a site cannot be asked about a file",
            f"Ask {httpx.URL(self.url).host} whether {names} was imported to its end: its log of "
            "exchanges with 1C tells, or compare some goods and prices there",
        )

    async def read_back(self, folder: Path) -> list[Path] | None:
        """Fetch the site's whole catalog in slices. Raises PortalSilentError."""
        return None if self.readback == "none" else await read_catalog(self._terms(), folder)

    def _terms(self) -> SiteTerms:
        return SiteTerms(
            url=self.url,
            login=self.login,
            password=self.password.get_secret_value(),
            user_agent=self.user_agent,
            imports_at=self.imports_at,
            imports_after=self.imports_after,
            may_zip=self.may_zip,
            piece_limit=self.piece_limit,
            version=self.version,
            says_complete=self.says_complete,
            charset=self.charset,
            connect_s=self.connect_timeout_s,
            request_s=self.request_timeout_s,
            package_s=self.package_timeout_s,
            pause_s=self.pause_s,
            ca_file=self.ca_file,
        )
