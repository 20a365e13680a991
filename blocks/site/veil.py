"""Takes secrets out of texts that others wrote: a site may repeat what we sent it."""

from typing import Final
from urllib.parse import quote, quote_plus

_LONGEST: Final = 10_000  # characters of an answer that are kept
_MASK: Final = "***"


class Veil:
    """All secrets of one exchange, in every form in which they travelled."""

    def __init__(self, *secrets: str) -> None:
        self._hidden: set[str] = set()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Hide these too."""
        for secret in filter(None, secrets):
            self._hidden |= {secret, quote(secret), quote_plus(secret)}

    def over(self, text: str) -> str:
        """Return the text without secrets, without control characters, and not endless."""
        for secret in sorted(self._hidden, key=len, reverse=True):
            text = text.replace(secret, _MASK)
        kept = (each if each.isprintable() or each == "\n" else " " for each in text[:_LONGEST])
        return "".join(kept)
