"""A package's way to a site: enter, send all files, then have the documents imported in order.

All files are sent before the first import: up to there nothing has an effect, and pictures lie
ready when the document that names them is read.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from blocks.outbound import Outcome, Parcel, Receipt
from blocks.site.asking import BrokenOffError, Effect
from blocks.site.dialogue import Dialogue
from blocks.site.packing import pack, pieces
from blocks.site.terms import Deadline, SiteTerms
from blocks.site.wire import Wire


@dataclass(frozen=True, slots=True)
class _Upload:
    name: str
    path: Path
    size: int
    documents: tuple[Parcel, ...]  # what the site has once it took this file


async def deliver(terms: SiteTerms, package: Sequence[Parcel]) -> Receipt:
    """Carry a package to a site and say what became of it."""
    taken: list[str] = []
    now: list[Parcel] = []  # the documents that are being imported
    with tempfile.TemporaryDirectory(prefix="obmen-") as folder:
        async with Wire(terms) as wire:
            dialogue = Dialogue(terms, wire, Deadline(terms.package_s))
            try:
                await dialogue.knock()
                limits = await dialogue.ask_limits()
                is_packed = terms.may_zip and limits.takes_zip
                uploads = await asyncio.to_thread(
                    _uploads, package, Path(folder), is_packed=is_packed
                )
                limit = max(0, terms.piece_limit or limits.piece)
                is_instant = terms.imports_at == "file"
                for upload in uploads:
                    now = list(upload.documents) if is_instant else []
                    effect = Effect.IF_SENT if now else Effect.NONE
                    for piece in pieces(upload.path, upload.size, limit):
                        await dialogue.put(upload.name, piece, effect)
                    taken += [each.name for each in now]
                for document in [] if is_instant else _documents(package):
                    now = [document]
                    await dialogue.bring_in(document.name)
                    taken.append(document.name)
                if terms.says_complete:
                    await dialogue.complete()
            except BrokenOffError as error:
                return _broken_off(error, terms, now, taken)
    return Receipt(Outcome.DELIVERED, "success", taken=tuple(taken))


def _uploads(package: Sequence[Parcel], folder: Path, *, is_packed: bool) -> list[_Upload]:
    documents = _documents(package)
    if is_packed:
        name, path = pack(package, folder)
        return [_Upload(name, path, path.stat().st_size, tuple(documents))]
    attached = [each for each in package if each not in documents]
    return [
        *(_Upload(each.name, each.path, each.size, ()) for each in attached),
        *(_Upload(each.name, each.path, each.size, (each,)) for each in documents),
    ]


def _documents(package: Sequence[Parcel]) -> list[Parcel]:
    return [each for each in package if each.name.casefold().endswith(".xml")]


def _broken_off(
    error: BrokenOffError, terms: SiteTerms, now: Sequence[Parcel], taken: Sequence[str]
) -> Receipt:
    before = f"; taken before that: {', '.join(taken)}" if taken else ""
    answer = f"{error}{before}"
    if not error.is_doubtful:
        return Receipt(Outcome.FAILED, answer, taken=tuple(taken))
    asked_of = ", ".join(f"{each.name} ({each.size} bytes)" for each in now) or "the package"
    question = (
        f"Ask {httpx.URL(terms.url).host}: was {asked_of}, sent on "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, imported to its end? Its log of exchanges with "
        f"1C and the goods and prices there tell; we heard no clear answer: {error}"
    )
    return Receipt(Outcome.IN_DOUBT, answer, question, tuple(taken))
