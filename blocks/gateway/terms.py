"""What the gateway grants a partner: limits, patience, and how answers are written."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field


class DoorTerms(BaseModel):
    """A partner's terms at the door, kept under `gateway` in `journal.partner.settings`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    encoding: Literal["utf-8", "windows-1251"] = Field(
        default="utf-8", description="Encoding of the answers the partner's 1C reads"
    )
    takes_zip: bool = Field(default=True, description="Whether the partner's 1C may send archives")
    file_limit: int = Field(
        default=8 << 20,
        ge=1,
        le=256 << 20,
        description="Bytes in one chunk; 1C cuts its files at this length",
    )
    upload_bytes_max: int = Field(default=4 << 30, description="Bytes in one file at most")
    session_bytes_max: int = Field(default=16 << 30, description="Bytes in one session at most")
    session_uploads_max: int = Field(default=50_000, description="Files in one session at most")
    requests_per_minute: int = Field(default=6_000, description="Requests in a minute at most")
    hold_s: float = Field(
        default=20.0, ge=0, le=60, description="Seconds mode=import waits before it says progress"
    )
    give_up_s: float = Field(
        default=900.0, description="Seconds after which mode=import stops waiting for the flow"
    )
    quiet_s: float = Field(
        default=60.0, description="Seconds of silence after which a session's files are whole"
    )
    strict_import: bool = Field(
        default=False, description="Answer failure when a single record of a file was refused"
    )

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        """Read the terms out of a partner's settings; what is not set has its default."""
        return cls.model_validate(settings.get("gateway", {}))

    @property
    def body_bytes_max(self) -> int:
        """Bytes in one request at most: some clients overstep file_limit, none by half."""
        return self.file_limit * 2
