"""How the portal words its answers: the encoding, the word for no, the status."""

from sandbox.portal.quirks import Habits, Quirk
from sandbox.portal.wire import Answer

_BOM = b"\xef\xbb\xbf"


class Tongue:
    """Makes answers of lines."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits

    @property
    def encoding(self) -> str:
        """The encoding of everything that is said."""
        return "windows-1251" if Quirk.WINDOWS_1251_ANSWERS in self._habits else "utf-8"

    def say(self, *lines: str, status: int = 200, cookie: str = "") -> Answer:
        """Lines, without a line feed behind the last: `init` must have exactly two."""
        headers = {"Set-Cookie": cookie} if cookie else {}
        return Answer(self._encode("\n".join(lines)), status, self._kind("text/plain"), headers)

    def refuse(self, reason: str, *, status: int = 200) -> Answer:
        """The word for no and the reason."""
        if Quirk.HTTP_200_WITH_FAILURE in self._habits:
            status = 200
        elif Quirk.HTTP_500_FAILURE in self._habits:
            status = 500
        if Quirk.ERROR_WORD in self._habits:
            return self.say(f"Error: {reason}", status=status)
        return self.say("failure", reason, status=status)

    def show(self, document: bytes) -> Answer:
        """A document of `encoding`."""
        bom = _BOM if Quirk.BOM_BEFORE_ANSWERS in self._habits else b""
        return Answer(bom + document, kind=self._kind("application/xml"))

    def _encode(self, text: str) -> bytes:
        bom = _BOM if Quirk.BOM_BEFORE_ANSWERS in self._habits else b""
        return bom + text.encode(self.encoding, errors="replace")

    def _kind(self, media: str) -> str:
        return f"{media}; charset={self.encoding}"
