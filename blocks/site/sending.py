"""A package's way to a site: enter, send all files, then have the documents imported in order.

All files are sent before the first import: up to there nothing has an effect, and pictures lie
ready when the document that names them is read.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from blocks.outbound import Outcome, Parcel, Receipt
from blocks.site.asking import BrokenOffError, Effect
from blocks.site.dialogue import Dialogue
from blocks.site.packing import pack, pieces
from blocks.site.terms import Deadline, SiteTerms
from blocks.site.wire import Wire


async def deliver(terms: SiteTerms, package: Sequence[Parcel]) -> Receipt:
    """Carry a package to a site and say what became of it."""
    way = _Way(terms, package)
    try:
        with tempfile.TemporaryDirectory(prefix="obmen-") as folder:
            async with Wire(terms) as wire:
                await way.go(Dialogue(terms, wire, Deadline(terms.package_s)), Path(folder))
    except BrokenOffError as error:
        return way.broken_off(error)
    except OSError as error:  # the certificate is not there, the disk is full
        return Receipt(Outcome.FAILED, f"on our own side: {error}", taken=tuple(way.taken))
    return Receipt(Outcome.DELIVERED, "success", taken=tuple(way.taken))


@dataclass(frozen=True, slots=True)
class _Upload:
    name: str
    path: Path
    size: int
    documents: tuple[Parcel, ...] = ()  # what a site that imports at `file` has with it


@dataclass
class _Way:
    """One package on its way: what the site surely has, and what it is being told to import."""

    terms: SiteTerms
    package: Sequence[Parcel]
    taken: list[str] = field(default_factory=list)
    now: Sequence[Parcel] = ()

    async def go(self, dialogue: Dialogue, folder: Path) -> None:
        """Say all of it. Raises BrokenOffError."""
        await dialogue.knock()
        limits = await dialogue.ask_limits()
        is_packed = self.terms.may_zip and limits.takes_zip
        uploads = await asyncio.to_thread(self._uploads, folder if is_packed else None)
        limit = max(0, self.terms.piece_limit or limits.piece)
        for upload in uploads:
            await self._upload(dialogue, upload, limit)
        if self.terms.imports_at == "import":
            for document in self._documents():
                self.now = [document]
                await dialogue.bring_in(document.name)
                self.taken.append(document.name)
        if self.terms.says_complete:
            await dialogue.complete()

    async def _upload(self, dialogue: Dialogue, upload: _Upload, limit: int) -> None:
        self.now = upload.documents if self.terms.imports_at == "file" else ()
        effect = Effect.IF_SENT if self.now else Effect.NONE
        for piece in pieces(upload.path, upload.size, limit):
            await dialogue.put(upload.name, piece, effect)
        self.taken += [each.name for each in self.now]

    def _uploads(self, archive_folder: Path | None) -> list[_Upload]:
        documents = self._documents()
        if archive_folder is not None:
            name, path = pack(self.package, archive_folder)
            return [_Upload(name, path, path.stat().st_size, tuple(documents))]
        attached = [each for each in self.package if each not in documents]
        return [
            *(_Upload(each.name, each.path, each.size) for each in attached),
            *(_Upload(each.name, each.path, each.size, (each,)) for each in documents),
        ]

    def _documents(self) -> list[Parcel]:
        return [each for each in self.package if each.name.casefold().endswith(".xml")]

    def broken_off(self, error: BrokenOffError) -> Receipt:
        """Say what it means that the exchange could not go on."""
        taken = tuple(self.taken)
        answer = f"{error}; taken before that: {', '.join(taken)}" if taken else str(error)
        if not error.is_doubtful:
            return Receipt(Outcome.FAILED, answer, taken=taken)
        files = ", ".join(f"{each.name} ({each.size} bytes)" for each in self.now)
        question = (
            f"Ask {httpx.URL(self.terms.url).host}: was {files or 'the package'}, sent on "
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, imported to its end? Its log of exchanges "
            f"with 1C and the goods and prices there tell; we heard no clear answer: {error}"
        )
        return Receipt(Outcome.IN_DOUBT, answer, question, taken)
