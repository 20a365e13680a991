"""How real sites differ from the letter of the exchange, each difference under a name of its own.

A quirk is ordered as `name` or `name=number`. Where each was met stands in the fact sheet, 2.3, 2.4
and 3; the comments name the site.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Quirk(StrEnum):
    """One difference."""

    # The answers as such.
    BOM_BEFORE_ANSWERS = "bom-before-answers"  # WooCommerce
    WINDOWS_1251_ANSWERS = "windows-1251-answers"  # Bitrix
    ERROR_WORD = "error-word-instead-of-failure"  # WooCommerce: "Error: ..."
    HTTP_200_WITH_FAILURE = "http-200-with-failure"  # a wrong password has status 200, too
    HTTP_500_FAILURE = "http-500-failure"  # bigperson
    UNKNOWN_MODE_IS_SUCCESS = "unknown-mode-is-success"  # OpenCart
    # Knocking.
    SHORT_CHECKAUTH = "short-checkauth"  # django-cml: the word alone, a session is an address
    THREE_LINE_CHECKAUTH = "three-line-checkauth"  # FREESPORT: neither sessid nor timestamp
    SET_COOKIE_ONLY = "set-cookie-only"
    COOKIE_DIFFERS_FROM_BODY = "cookie-differs-from-body"  # only the header's opens the door
    STATIC_COOKIE = "static-cookie"  # OpenCart: one cookie, hence one session, for everybody
    NEEDS_USER_AGENT = "needs-user-agent"  # Megagroup
    NEEDS_SESSID = "needs-sessid"  # Bitrix
    BASIC_ON_EVERY_REQUEST = "basic-on-every-request"
    # What init says.
    FILE_LIMIT_ZERO = "file-limit-zero"
    FILE_LIMIT_MINUS_ONE = "file-limit-minus-one"  # Magento
    NO_FILE_LIMIT = "no-file-limit"
    SMALL_FILE_LIMIT = "small-file-limit"  # number: bytes
    ZIP_YES = "zip-yes"
    FOUR_LINE_INIT = "four-line-init"  # FREESPORT
    # Receiving.
    CHUNKS_OVERWRITE = "chunks-overwrite"  # django-cml
    XML_START_TRUNCATES = "xml-start-truncates"  # WooCommerce
    LAST_CHUNK_BY_LENGTH = "last-chunk-by-length"  # carono: a full chunk is never the last
    # Importing.
    PROGRESS_N_TIMES = "progress-n-times"  # Megagroup; number: times
    PROGRESS_WITHOUT_END = "progress-without-end"
    QUEUED_SUCCESS = "queued-success"  # FREESPORT; number: seconds until it is applied
    LOST_SUCCESS = "lost-success"
    EXTRA_LINES = "import-success-with-extra-lines"  # bigperson
    IMPORTS_AT_FILE = "imports-at-file"  # «без ожидания подтверждения импорта»
    ONLY_IMPORT_AND_OFFERS = "only-import-and-offers-names"  # bigperson
    HALF_IMPORT = "half-import"  # bigperson; number: of how many records it gives up
    IGNORES_CHARACTERISTICS = "ignores-characteristics"  # Megagroup: guid#guid
    FULL_FILE_DELETES_ABSENT = "full-file-deletes-absent"  # the trap of the first portion
    PRICES_ARE_MERGED = "prices-are-merged"  # a price that is not named any more stays
    # After it.
    NO_COMPLETE = "no-complete"  # knows neither complete nor deactivate
    NO_GET_CATALOG = "no-get-catalog"
    FINISHED_IN_LAST_SLICE = "finished-in-last-slice"


NUMBERS: Mapping[Quirk, float] = {
    Quirk.SMALL_FILE_LIMIT: 1000,
    Quirk.PROGRESS_N_TIMES: 3,
    Quirk.QUEUED_SUCCESS: 3,
    Quirk.HALF_IMPORT: 10,
}


@dataclass(frozen=True, slots=True)
class Habits:
    """The quirks of one portal: `Quirk.X in habits`, `habits.number(Quirk.X)`."""

    numbers: Mapping[Quirk, float] = field(default_factory=dict)

    def __contains__(self, quirk: Quirk) -> bool:
        return quirk in self.numbers

    def number(self, quirk: Quirk) -> float:
        """The number ordered with a quirk, or its usual one."""
        return self.numbers[quirk]


def parse_habits(words: Iterable[str]) -> Habits:
    """Read `name` and `name=number`.

    Raises:
        ValueError: there is no such quirk, or the number is none.
    """
    numbers: dict[Quirk, float] = {}
    for word in words:
        name, _, digits = word.partition("=")
        quirk = Quirk(name)
        numbers[quirk] = float(digits) if digits else NUMBERS.get(quirk, 0)
    return Habits(numbers)
