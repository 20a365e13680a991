"""The exchange with one site, mode by mode, each with what its silence means.

Before a site is told to import, nothing that breaks has an effect. A request that surely was not
sent, or was put off (429), is made again; `checkauth` and `init` are made again after any break.
Everything else is said once.
"""

import asyncio
import base64
import logging
from dataclasses import dataclass, field, replace
from typing import Final

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_random_exponential

from blocks.crash import pass_point
from blocks.site.answers import (
    Limits,
    Word,
    cookies_of,
    limits_of,
    pause_asked_s,
    session_of,
    text_of,
    word_of,
)
from blocks.site.asking import Asked, BrokenOffError, Effect, PutOffError
from blocks.site.moving import NotOurSiteError, is_redirect, moved
from blocks.site.terms import Deadline, SiteTerms
from blocks.site.veil import Veil
from blocks.site.wire import Heard, Piece, UnheardError, Wire

log = logging.getLogger(__name__)

_ATTEMPTS: Final = 4
_LONGEST_PAUSE_S: Final = 30.0
_REDIRECTS: Final = 3


@dataclass
class Dialogue:
    """An exchange of one type with one site. Every method may raise BrokenOffError."""

    terms: SiteTerms
    wire: Wire
    deadline: Deadline
    type: str = "catalog"
    _cookies: dict[str, str] = field(default_factory=dict, repr=False)
    _sessid: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        self._url = httpx.URL(self.terms.url)
        login = f"{self.terms.login}:{self.terms.password}".encode()
        self._basic = base64.b64encode(login).decode()
        self._veil = Veil(self.terms.password, self._basic)

    async def knock(self) -> None:
        """Enter: `checkauth`. A redirect within the site is followed, and its address kept."""
        self._cookies, self._sessid = {}, ""
        asked = Asked("checkauth", is_repeatable=True)
        heard = await self._ask(asked)
        for _ in range(_REDIRECTS):
            if not is_redirect(heard):
                break
            try:
                self._url = moved(self._url, heard)
            except NotOurSiteError as error:
                raise BrokenOffError(str(error)) from None
            heard = await self._ask(asked)
        self._expect_success(asked, heard)
        session = session_of(self._text(heard), heard.headers)
        self._cookies |= session.cookies
        self._sessid = session.sessid
        self._veil.add(*session.cookies.values(), session.sessid)

    async def ask_limits(self) -> Limits:
        """Ask what the site takes: `init`."""
        asked = Asked("init", is_repeatable=True)
        heard = await self._ask(asked)
        # The standard asks for two lines; there are sites with one, and with four.
        if word_of(heard) is Word.REFUSAL or "zip=" not in self._text(heard).casefold():
            raise BrokenOffError(self._said(asked, heard))
        return limits_of(self._text(heard))

    async def put(self, name: str, piece: Piece, effect: Effect) -> None:
        """Send a piece of a file: `file`. The site appends it, so it is never sent twice."""
        asked = Asked("file", name, piece, effect)
        self._expect_success(asked, await self._ask(asked))

    async def bring_in(self, name: str) -> None:
        """Have a file imported: `import`, again as long as the site says `progress`.

        A site that moves is asked again soon, one that repeats itself less and less often.
        """
        asked = Asked("import", name, effect=Effect.IF_SENT)
        pause_s, before = self.terms.pause_s, ""
        while word_of(heard := await self._ask(asked)) is Word.PROGRESS:
            text = self._text(heard)
            is_moving = text != before
            pause_s = self.terms.pause_s if is_moving else min(pause_s * 1.5, _LONGEST_PAUSE_S)
            before, asked = text, replace(asked, effect=Effect.BEGUN)
            if pause_s >= self.deadline.left_s():
                why = f"our time is over and the site still works: {self._said(asked, heard)}"
                raise BrokenOffError(why, is_doubtful=True)
            await asyncio.sleep(pause_s)
        self._expect_success(asked, heard)

    async def complete(self) -> None:
        """Say that the package is whole: `complete`."""
        asked = Asked("complete", effect=Effect.IF_SENT)
        self._expect_success(asked, await self._ask(asked))

    async def query(self, limit: int) -> Heard:
        """Ask for the next slice of what the site holds: `query`, whole or not at all."""
        asked = Asked("query", limit=limit)
        heard = await self._ask(asked)
        if heard.broken or heard.status != httpx.codes.OK or word_of(heard) is Word.REFUSAL:
            raise BrokenOffError(self._said(asked, heard))
        return heard

    def _expect_success(self, asked: Asked, heard: Heard) -> None:
        word = word_of(heard)
        if word is Word.SUCCESS:
            return
        is_unclear = word is not Word.REFUSAL and asked.effect is not Effect.NONE
        raise BrokenOffError(self._said(asked, heard), is_doubtful=is_unclear)

    async def _ask(self, asked: Asked) -> Heard:
        again = AsyncRetrying(
            retry=retry_if_exception_type(PutOffError),
            wait=self._pause_s,
            stop=self._is_enough,
            reraise=True,
        )
        return await again(self._ask_once, asked)

    def _pause_s(self, state: RetryCallState) -> float:
        growing = wait_random_exponential(self.terms.pause_s, _LONGEST_PAUSE_S)(state)
        error = state.outcome.exception() if state.outcome else None
        return max(growing, error.after_s) if isinstance(error, PutOffError) else growing

    def _is_enough(self, state: RetryCallState) -> bool:
        is_too_late = state.upcoming_sleep >= self.deadline.left_s()
        return is_too_late or state.attempt_number >= _ATTEMPTS

    async def _ask_once(self, asked: Asked) -> Heard:
        pass_point(f"site_{asked.mode}", "before")
        try:
            heard = await self.wire.ask(
                self._address(asked),
                self._headers(),
                asked.piece,
                patience_s=self.deadline.left_s(),
                limit=asked.limit,
            )
        except UnheardError as error:
            is_again = asked.is_repeatable or not error.is_sent
            raise (PutOffError if is_again else BrokenOffError)(
                self._veil.over(f"{asked}: {error}"),
                is_doubtful=asked.effect.is_possible(is_sent=error.is_sent),
            ) from None
        pass_point(f"site_{asked.mode}", "after")
        fresh = cookies_of(heard.headers)
        self._cookies |= fresh
        self._veil.add(*fresh.values())
        log.info("%s: HTTP %d, %s", asked, heard.status, word_of(heard))
        self._raise_if_put_off(asked, heard)
        return heard

    def _raise_if_put_off(self, asked: Asked, heard: Heard) -> None:
        is_refused_for_now = heard.status == httpx.codes.TOO_MANY_REQUESTS
        is_trouble = heard.broken or heard.status >= httpx.codes.INTERNAL_SERVER_ERROR
        is_unclear = word_of(heard) is Word.CUT or (is_trouble and word_of(heard) is Word.OTHER)
        is_lost = asked.is_repeatable and is_unclear and not is_redirect(heard)
        if is_refused_for_now or is_lost:
            raise PutOffError(
                self._said(asked, heard),
                is_doubtful=asked.effect.is_possible(is_sent=False),
                after_s=pause_asked_s(heard.headers),
            )

    def _address(self, asked: Asked) -> httpx.URL:
        query = {"type": self.type, "mode": asked.mode, "filename": asked.filename}
        query |= {"sessid": self._sessid, "version": self.terms.version}
        return self._url.copy_merge_params({name: said for name, said in query.items() if said})

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {
            "Authorization": f"Basic {self._basic}",
            "User-Agent": self.terms.user_agent,
            "Accept": "*/*",
        }
        return headers | ({"Cookie": cookies} if cookies else {})

    def _text(self, heard: Heard) -> str:
        return text_of(heard, self.terms.charset)

    def _said(self, asked: Asked, heard: Heard) -> str:
        broken = f" and broke off ({heard.broken})" if heard.broken else ""
        told = self._text(heard) or "nothing"
        return self._veil.over(f"{asked} was answered with HTTP {heard.status}{broken}: {told}")
