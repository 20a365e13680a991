"""A package's way to a site: set after set, each sent and then imported.

A set is a document, as 1C sends it, or the whole package. What is sent has no effect before it is
imported, and pictures lie ready when the document that names them is read.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import httpx

from blocks.outbound import Outcome, Parcel, Receipt
from blocks.site.answers import Limits
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
        """Say all of it, set by set. Raises BrokenOffError."""
        limits = None
        for files in self._sets():
            # 1C's own module enters anew for every set, Bitrix's module once.
            if limits is None or not self.terms.version:
                await dialogue.knock()
                limits = await dialogue.ask_limits()
            await self._carry(dialogue, files, limits, folder)
        if self.terms.says_complete:
            await dialogue.complete()

    async def _carry(
        self, dialogue: Dialogue, files: Sequence[Parcel], limits: Limits, folder: Path
    ) -> None:
        is_packed = self.terms.may_zip and limits.takes_zip
        uploads = await asyncio.to_thread(_uploads, files, folder if is_packed else None)
        limit = max(0, self.terms.piece_limit or limits.piece)
        for upload in uploads:
            await self._upload(dialogue, upload, limit)
        if self.terms.imports_at == "import":
            for document in filter(_is_document, files):
                self.now = [document]
                await dialogue.bring_in(document.name)
                self.taken.append(document.name)

    async def _upload(self, dialogue: Dialogue, upload: _Upload, limit: int) -> None:
        self.now = upload.documents if self.terms.imports_at == "file" else ()
        effect = Effect.IF_SENT if self.now else Effect.NONE
        for piece in pieces(upload.path, upload.size, limit):
            await dialogue.put(upload.name, piece, effect)
        self.taken += [each.name for each in self.now]

    def _sets(self) -> list[list[Parcel]]:
        """Return what is sent before something is imported; pictures go with the goods."""
        documents = [each for each in self.package if _is_document(each)]
        attached = [each for each in self.package if not _is_document(each)]
        if self.terms.imports_after == "all" or not documents:
            return [attached + documents]
        sets = [[each] for each in documents]
        of_goods = next((each for each in sets if _tells_goods(each[0])), sets[0])
        of_goods[:0] = attached
        return sets

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


def _is_document(parcel: Parcel) -> bool:
    return parcel.name.casefold().endswith(".xml")


def _tells_goods(document: Parcel) -> bool:
    return PurePosixPath(document.name).name.startswith(("import", "goods"))


def _uploads(files: Sequence[Parcel], archive_folder: Path | None) -> list[_Upload]:
    if archive_folder is not None:
        name, path = pack(files, archive_folder)
        documents = tuple(each for each in files if _is_document(each))
        return [_Upload(name, path, path.stat().st_size, documents)]
    return [
        _Upload(each.name, each.path, each.size, (each,) if _is_document(each) else ())
        for each in files
    ]
