from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from blocks.object_prefix import ObjectPrefix
from blocks.outbound import Outcome
from blocks.store import Store
from tests.blocks.parcels import make_package, make_parcel

NOWHERE = Store(
    endpoint="http://127.0.0.1:9",
    access_key=SecretStr("CANARY-access"),
    secret_key=SecretStr("CANARY-secret"),
)


async def test_a_bucket_that_does_not_answer_has_nothing_and_tells_no_secret(
    tmp_path: Path,
) -> None:
    channel = ObjectPrefix(store=NOWHERE, prefix="in/")
    package = make_package(tmp_path)

    receipt, probed = await channel.send(package), await channel.probe(package)

    assert receipt.outcome is Outcome.FAILED
    assert probed.outcome is Outcome.IN_DOUBT
    assert "127.0.0.1:9" in probed.question
    assert "CANARY" not in f"{receipt} {probed} {channel!r}"


async def test_a_large_file_goes_in_parts_and_arrives_whole(store: Store, tmp_path: Path) -> None:
    channel = ObjectPrefix(store=store, prefix=f"portal/{tmp_path.name}/")
    parcel = make_parcel(tmp_path, "import.xml", b"0123456789abcdef" * (20 << 16))

    receipt = await channel.send([parcel])

    assert receipt.outcome is Outcome.DELIVERED, receipt
    measured = store.measure(f"portal/{tmp_path.name}/import.xml")
    assert measured is not None
    assert (parcel.sha256, parcel.size) == (measured.sha256, measured.size)


@pytest.mark.parametrize("prefix", ["/in/", "in\\"])
def test_a_prefix_that_nobody_means_is_refused(prefix: str) -> None:
    with pytest.raises(ValidationError):
        ObjectPrefix(store=NOWHERE, prefix=prefix)
