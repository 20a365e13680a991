"""A prefix of an S3 bucket under which we put objects for a portal."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from prefect.blocks.core import Block
from pydantic import Field

from blocks.crash import pass_point
from blocks.outbound import Outcome, Parcel, Receipt, check_package
from blocks.presence import Seen, Showing, judge, refusal
from blocks.store import Store, StoreDownError


class ObjectPrefix(Block):
    """Objects appear whole (S3 shows none half written), in order, the last one last."""

    _block_type_slug = "object-prefix"
    _block_type_name = "Obmen object prefix"
    _description = "A prefix of an S3 bucket under which we put objects for a portal."

    store: Store = Field(
        description="The bucket: a store block of its own with the portal's endpoint, bucket and "
        "keys; not our own store, main"
    )
    prefix: str = Field(
        default="",
        pattern=r"^([^/\\][^\\]*)?$",
        description="What the names of objects begin with, e.g. from-obmen/ (the slash is part of "
        "it); empty: nothing",
    )
    is_emptied: bool = Field(
        default=False,
        description="The portal takes objects away when it has read them. Then one that is gone "
        "may have arrived, and only a person can say so after a break",
    )

    async def send(self, package: Sequence[Parcel]) -> Receipt:
        """Put a package under the prefix. See `blocks.outbound.Outbound`."""
        check_package(package)
        return await asyncio.to_thread(self._put, package)

    async def probe(self, package: Sequence[Parcel]) -> Receipt:
        """Compare what lies under the prefix with a package."""
        try:
            seen = await asyncio.to_thread(self._look, package)
        except StoreDownError as error:
            question = f"Get {self._place} to answer, then ask again"
            return Receipt(Outcome.IN_DOUBT, str(error), question)
        return judge(package, seen, self._place, is_emptied=self.is_emptied)

    async def read_back(self, folder: Path) -> None:
        """Return None: a bucket does not tell what the portal behind it holds."""

    @property
    def _place(self) -> str:
        return f"{self.store.endpoint}/{self.store.bucket}/{self.prefix}"

    def _put(self, package: Sequence[Parcel]) -> Receipt:
        showing = Showing(package, self._place)
        try:
            seen = self._look(package)
            if fault := refusal(package, seen, self._place):
                return fault
            for parcel, found in zip(package, seen, strict=True):
                if found is Seen.ABSENT:
                    showing.now = parcel
                    self._upload(parcel)
                showing.shown.append(parcel.name)
        except StoreDownError as error:
            return showing.broken(str(error))
        return showing.done()

    def _upload(self, parcel: Parcel) -> None:
        pass_point("put_object", "before")
        self.store.upload(parcel.path, self.prefix + parcel.name)
        pass_point("put_object", "after")
        if self._seen(parcel) is not Seen.SAME:
            message = f"{parcel.name} reads back with other bytes than were written"
            raise StoreDownError(message)

    def _look(self, package: Sequence[Parcel]) -> list[Seen]:
        return [self._seen(each) for each in package]

    def _seen(self, parcel: Parcel) -> Seen:
        found = self.store.measure(self.prefix + parcel.name)
        if found is None:
            return Seen.ABSENT
        is_same = (found.size, found.sha256) == (parcel.size, parcel.sha256)
        return Seen.SAME if is_same else Seen.OTHER
