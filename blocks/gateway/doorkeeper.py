"""Who may enter: Basic, cookie or sessid on every request, one partner behind all of them.

A token is 256 random bits, known to the client alone: the journal holds its hash. A token that is
expired, foreign or of another session than its neighbour is refused even beside a good password.
"""

import asyncio
import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from blocks.gateway.answers import Answer, failure, too_many, unauthorised
from blocks.gateway.brakes import Brakes
from blocks.gateway.names import shown
from blocks.gateway.passwords import Passwords
from blocks.gateway.protocol import Asked, Mode
from blocks.gateway.terms import DoorTerms
from blocks.gateway.workers import Workers
from blocks.warehouse import Row, Transaction, Warehouse

IDLE_S = 3_600  # a session that is silent so long is over
LONGEST_S = 24 * 3_600  # and so is one of this age
_LONGEST_CREDENTIAL = 256
_SLOWED_S = 1.0


class TurnedAwayError(Exception):
    """Somebody may not enter; the answer says why."""

    def __init__(self, answer: Answer) -> None:
        """Keep the answer."""
        super().__init__(answer.gist)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Call:
    """One request before anybody knows who makes it."""

    asked: Asked
    peer: str = ""
    user_agent: str = ""
    authorization: str = ""
    cookie: str = ""

    @property
    def tokens(self) -> frozenset[str]:
        """The tokens it brings; entering anew needs none, so `checkauth` brings none."""
        if self.asked.mode is Mode.CHECKAUTH:
            return frozenset()
        return frozenset({self.cookie, self.asked.sessid} - {""})


@dataclass(frozen=True, slots=True)
class Credentials:
    """What Basic says."""

    login: str
    password: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """A partner's client within its session. `token` is empty when it came by Basic alone."""

    login: str
    partner_key: int
    partner: str
    terms: DoorTerms
    session_key: int = 0
    token: str = ""
    opened_at_unix: int = 0


class Doorkeeper:
    """Lets partners in and slows those who guess."""

    def __init__(self, warehouse: Warehouse, workers: Workers) -> None:
        """Ask this warehouse, in these threads."""
        self._warehouse = warehouse
        self._workers = workers
        self._passwords = Passwords()
        self._brakes = Brakes()

    async def admit(self, call: Call) -> Visitor:
        """Return who is there, within a live session. Raises TurnedAwayError."""
        credentials = read_basic(call.authorization)
        by_token = await self._by_token(call) if call.tokens else None
        by_password = await self._by_password(call, credentials, by_token) if credentials else None
        visitor = by_token or by_password
        if visitor is None:
            raise TurnedAwayError(unauthorised("Укажите имя и пароль для входа."))
        if not self._brakes.may_ask(visitor.partner, visitor.terms.requests_per_minute):
            raise TurnedAwayError(too_many("Слишком много запросов, повторите через минуту.", 60))
        return await self._workers.rows(lambda: self._enter(call, visitor))

    async def _by_token(self, call: Call) -> Visitor:
        rows = await self._workers.rows(lambda: self._sessions(call.tokens))
        is_one = len(call.tokens) == len(rows) == 1
        if not is_one or not rows[0]["is_alive"] or not rows[0]["is_open"]:
            self._brakes.count_guess("", call.peer)
            raise TurnedAwayError(unauthorised("Сеанс не найден или истёк, начните обмен заново."))
        (token,) = call.tokens
        return replace(_visitor(rows[0]), session_key=rows[0]["session_key"], token=token)

    async def _by_password(
        self, call: Call, credentials: Credentials, by_token: Visitor | None
    ) -> Visitor:
        login, password = credentials.login, credentials.password
        door = await self._workers.rows(lambda: self._door(login))
        stored = door["password_hash"] if door and door["is_open"] else None
        if not self._passwords.is_remembered(login, password, stored):
            await self._brake(call, login, by_token)
            is_right = await self._workers.passwords(
                lambda: self._passwords.is_right(password, stored)
            )
            if not is_right:
                self._brakes.count_guess(login, call.peer)
                raise TurnedAwayError(unauthorised("Неверное имя или пароль."))
        if door is None or stored is None:
            raise TurnedAwayError(unauthorised("Неверное имя или пароль."))
        self._passwords.remember(login, password, stored)
        if by_token is not None and (by_token.login, by_token.partner_key) != (
            login,
            door["partner_key"],
        ):
            self._brakes.count_guess("", call.peer)
            raise TurnedAwayError(unauthorised("Сеанс принадлежит другому пользователю."))
        return _visitor({**door, "login": login})

    async def _brake(self, call: Call, login: str, by_token: Visitor | None) -> None:
        """Slow the next guess; a partner at work is never shut out by somebody else's guesses."""
        wait_s = self._brakes.wait_s(login, call.peer)
        if not wait_s:
            return
        is_at_work = by_token is not None or await self._workers.rows(
            lambda: self._is_at_work(login, call.peer)
        )
        if not is_at_work:
            detail = f"Слишком много неудачных попыток входа, повторите через {wait_s} с."
            raise TurnedAwayError(too_many(detail, wait_s))
        await asyncio.sleep(_SLOWED_S)

    def _sessions(self, tokens: frozenset[str]) -> list[Row]:
        with self._warehouse.transaction("find_session") as transaction:
            return [
                row
                for token in tokens
                for row in transaction.run("gateway/select_session", token_hash=hash_of(token))
            ]

    def _door(self, login: str) -> Row | None:
        with self._warehouse.transaction("find_door") as transaction:
            return next(iter(transaction.run("gateway/select_door", login=login)), None)

    def _is_at_work(self, login: str, peer: str) -> bool:
        with self._warehouse.transaction("find_session") as transaction:
            row = transaction.one("gateway/has_live_session", login=login, peer=peer)
            return bool(row["has_one"])

    def _enter(self, call: Call, visitor: Visitor) -> Visitor:
        # `init` with a version hands the token out again, and Basic alone never learnt it.
        is_init_with_version = call.asked.mode is Mode.INIT and bool(call.asked.version)
        opens = call.asked.mode is Mode.CHECKAUTH or (is_init_with_version and not visitor.token)
        with self._warehouse.transaction("enter_session") as transaction:
            transaction.run("gateway/commit_lightly")
            if opens:
                return _open_session(transaction, call, visitor)
            session_key = visitor.session_key or _live_session(transaction, visitor)
            if not session_key:
                return _open_session(transaction, call, visitor)
            transaction.one(
                "gateway/touch_session",
                session_key=session_key,
                idle_s=IDLE_S,
                longest_s=LONGEST_S,
                version=shown(call.asked.version, 20) or None,
            )
            return replace(visitor, session_key=session_key)


def hash_of(token: str) -> bytes:
    """Return what the journal keeps of a token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", errors="replace")).digest()


def read_basic(header: str) -> Credentials | None:
    """Read an Authorization header; None when it is not Basic or makes no sense.

    Clients write a Cyrillic login in UTF-8 or in windows-1251.
    """
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        raw = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("windows-1251", errors="replace")
    login, colon, password = text.partition(":")
    is_sane = bool(colon and login and password) and "\0" not in login
    if not is_sane or max(len(login), len(password)) > _LONGEST_CREDENTIAL:
        return None
    return Credentials(login, password)


def _live_session(transaction: Transaction, visitor: Visitor) -> int:
    transaction.run("gateway/lock_login", login=visitor.login)
    rows = transaction.run(
        "gateway/select_live_session", login=visitor.login, partner_key=visitor.partner_key
    )
    return int(rows[0]["session_key"]) if rows else 0


def _open_session(transaction: Transaction, call: Call, visitor: Visitor) -> Visitor:
    token = secrets.token_hex(32)
    row = transaction.one(
        "gateway/insert_session",
        partner_key=visitor.partner_key,
        login=visitor.login,
        token_hash=hash_of(token),
        exchange_type=call.asked.type or "",
        version=shown(call.asked.version, 20) or None,
        peer=call.peer,
        user_agent=shown(call.user_agent),
        idle_s=IDLE_S,
    )
    return replace(
        visitor, session_key=row["session_key"], token=token, opened_at_unix=row["opened_at_unix"]
    )


def _visitor(row: Mapping[Any, Any]) -> Visitor:
    if row["state"] != "active":
        raise TurnedAwayError(failure(f"Обмен с «{row['partner']}» приостановлен оператором."))
    return Visitor(row["login"], row["partner_key"], row["partner"], DoorTerms.of(row["settings"]))
