"""A folder into which we put files for a portal: of this server, or a share mounted on it."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from prefect.blocks.core import Block
from pydantic import Field

from blocks.crash import pass_point
from blocks.outbound import Outcome, Parcel, Receipt, check_package, file_sha256
from blocks.presence import Seen, Showing, judge, refusal

_COPY_BYTES = 1 << 20


class DropFolder(Block):
    """Files appear whole, under their own names, in order, the last one last."""

    _block_type_slug = "drop-folder"
    _block_type_name = "Obmen drop folder"
    _description = "A folder into which we put files for a portal."

    path: Path = Field(
        description="The folder, as this server sees it. It must exist: a share that is not "
        "mounted must not be mistaken for an empty one"
    )
    is_emptied: bool = Field(
        default=False,
        description="The portal takes files away when it has read them. Then a file that is gone "
        "may have arrived, and only a person can say so after a break",
    )

    async def send(self, package: Sequence[Parcel]) -> Receipt:
        """Put a package into the folder. See `blocks.outbound.Outbound`."""
        check_package(package)
        showing = Showing(package, str(self.path))
        try:
            return await asyncio.to_thread(self._put, showing)
        except OSError as error:
            return showing.broken(error.strerror or str(error))

    async def probe(self, package: Sequence[Parcel]) -> Receipt:
        """Compare the folder with a package."""
        try:
            seen = await asyncio.to_thread(self._look, package)
        except OSError as error:
            why = f"{self.path}: {error.strerror or error}"
            return Receipt(
                Outcome.IN_DOUBT, why, f"Mount or repair the folder, then ask again: {why}"
            )
        return judge(package, seen, str(self.path), is_emptied=self.is_emptied)

    async def read_back(self, folder: Path) -> None:
        """Return None: a folder does not tell what the portal behind it holds."""

    def _put(self, showing: Showing) -> Receipt:
        seen = self._look(showing.package)
        if fault := refusal(showing.package, seen, showing.place):
            return fault
        hidden = {
            each.name: self._write_hidden(each)
            for each, found in zip(showing.package, seen, strict=True)
            if found is Seen.ABSENT
        }
        for parcel in showing.package:
            if parcel.name in hidden:
                showing.now = parcel
                pass_point("show_file", "before")
                # Nobody else writes under these names: a partner's runs never overlap.
                hidden[parcel.name].replace(self.path / parcel.name)
                pass_point("show_file", "after")
                for above in (self.path / parcel.name).relative_to(self.path).parents:
                    _sync_folder(self.path / above)
            showing.shown.append(parcel.name)
        return showing.done()

    def _write_hidden(self, parcel: Parcel) -> Path:
        """Write a file beside its place, to the disk, and read it back."""
        target = self.path / parcel.name
        target.parent.mkdir(parents=True, exist_ok=True)
        hidden = target.with_name(f".{target.name}.{parcel.sha256.hex()[:8]}.part")
        with parcel.path.open("rb") as source, hidden.open("wb") as copy:
            while block := source.read(_COPY_BYTES):
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        if file_sha256(hidden) != parcel.sha256:
            hidden.unlink()
            message = f"{parcel.name} reads back with other bytes than were written"
            raise OSError(message)
        return hidden

    def _look(self, package: Sequence[Parcel]) -> list[Seen]:
        if not self.path.is_dir():
            raise FileNotFoundError(2, "there is no such folder")
        return [_seen(self.path / each.name, each) for each in package]


def _seen(path: Path, parcel: Parcel) -> Seen:
    if not path.exists():
        return Seen.ABSENT
    is_same = path.stat().st_size == parcel.size and file_sha256(path) == parcel.sha256
    return Seen.SAME if is_same else Seen.OTHER


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
