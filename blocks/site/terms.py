"""What the client must know of a site, and how patient it is."""

import time
from dataclasses import dataclass, field
from typing import Literal

Charset = Literal["auto", "utf-8", "windows-1251"]


@dataclass(frozen=True, slots=True)
class SiteTerms:
    """One site: its address, our login there, its habits. All durations in seconds."""

    url: str
    login: str = field(repr=False)
    password: str = field(repr=False)
    user_agent: str
    imports_at: Literal["import", "file"]
    imports_after: Literal["each", "all"]
    may_zip: bool
    piece_limit: int  # bytes; 0: as the site says; -1: any
    version: str
    says_complete: bool
    charset: Charset
    connect_s: float
    request_s: float
    package_s: float
    pause_s: float
    ca_file: str


class Deadline:
    """An end of patience that all steps of an exchange share."""

    def __init__(self, seconds: float) -> None:
        self._end_s = time.monotonic() + seconds

    def left_s(self) -> float:
        """Return the seconds that are left, never below zero."""
        return max(0.0, self._end_s - time.monotonic())
