"""The object store: bytes under the hash of themselves, over S3.

The only module that knows boto3. Keys are content-addressed, so a second write of a key writes the
same bytes; nothing relies on conditional writes or versions, which not every S3 server has.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from prefect.blocks.core import Block
from pydantic import Field, SecretStr

from blocks.crash import pass_point

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class StoredObject:
    """Where some bytes lie: their key, SHA-256 (32 bytes) and size in bytes."""

    key: str
    sha256: bytes
    size: int


class StoreDownError(ConnectionError):
    """The store does not answer, or refuses us; worth another try later."""


class Store(Block):
    """One bucket of an S3 server."""

    _block_type_slug = "store"
    _block_type_name = "Obmen store"
    _description = "A bucket of an S3 server: `main` is our own archive, others are portals'."

    endpoint: str = Field(description="Address of the S3 server, e.g. http://127.0.0.1:19000")
    bucket: str = Field(default="obmen", description="Name of the bucket")
    access_key: SecretStr = Field(description="S3 access key")
    secret_key: SecretStr = Field(description="S3 secret key")

    def put(self, payload: bytes, *, under: str = "raw") -> StoredObject:
        """Store bytes under their own hash; return where they lie. Raises StoreDownError."""
        digest = hashlib.sha256(payload)
        stored = StoredObject(content_key(under, digest.hexdigest()), digest.digest(), len(payload))
        pass_point(f"put_{under}", "before")
        with _down_as_our_error():
            self._client.put_object(Bucket=self.bucket, Key=stored.key, Body=payload)
        pass_point(f"put_{under}", "after")
        return stored

    def put_file(self, path: Path, *, under: str = "raw") -> StoredObject:
        """Store a file under its own hash in bounded memory. Raises StoreDownError."""
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256")
        stored = StoredObject(
            content_key(under, digest.hexdigest()), digest.digest(), path.stat().st_size
        )
        pass_point(f"put_{under}", "before")
        with _down_as_our_error():
            self._client.upload_file(str(path), self.bucket, stored.key)
        pass_point(f"put_{under}", "after")
        return stored

    def put_named(self, key: str, payload: bytes, content_type: str) -> None:
        """Store bytes under a name that holds their hash, e.g. a report. Raises StoreDownError."""
        under = key.split("/", 1)[0]
        pass_point(f"put_{under}", "before")
        with _down_as_our_error():
            self._client.put_object(
                Bucket=self.bucket, Key=key, Body=payload, ContentType=content_type
            )
        pass_point(f"put_{under}", "after")

    def get(self, key: str) -> bytes:
        """Return all bytes of an object. Raises KeyError when there is none."""
        with _down_as_our_error(key):
            return self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        """Return `length` bytes from `offset`. Raises KeyError when there is no such object."""
        if length == 0:
            return b""
        span = f"bytes={offset}-{offset + length - 1}"
        with _down_as_our_error(key):
            return self._client.get_object(Bucket=self.bucket, Key=key, Range=span)["Body"].read()

    def download(self, key: str, path: Path) -> None:
        """Write an object to a file in bounded memory. Raises KeyError when there is none."""
        with _down_as_our_error(key), path.open("wb") as target:
            body = self._client.get_object(Bucket=self.bucket, Key=key)["Body"]
            for block in body.iter_chunks(1 << 20):
                target.write(block)

    def upload(self, path: Path, key: str) -> None:
        """Store a file under a name that somebody else expects. Raises StoreDownError."""
        with _down_as_our_error():
            self._client.upload_file(str(path), self.bucket, key)

    def remove(self, key: str) -> None:
        """Remove a draft of ours, if it is there; what is archived is never removed."""
        with _down_as_our_error():
            self._client.delete_object(Bucket=self.bucket, Key=key)

    def measure(self, key: str) -> StoredObject | None:
        """Return hash and size of the bytes under a key by reading them; None when none lie there.

        Raises StoreDownError.
        """
        digest, size = hashlib.sha256(), 0
        try:
            with _down_as_our_error(key):
                body = self._client.get_object(Bucket=self.bucket, Key=key)["Body"]
                for block in body.iter_chunks(1 << 20):
                    digest.update(block)
                    size += len(block)
        except KeyError:
            return None
        return StoredObject(key, digest.digest(), size)

    def exists(self, key: str) -> bool:
        """Say whether there is an object under this key."""
        try:
            with _down_as_our_error(key):
                self._client.head_object(Bucket=self.bucket, Key=key)
        except KeyError:
            return False
        return True

    def list_keys(self, prefix: str = "") -> Iterator[str]:
        """Yield all keys under a prefix, in the store's order."""
        with _down_as_our_error():
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
                yield from (entry["Key"] for entry in page.get("Contents", ()))

    def presign(self, key: str, expires_s: int) -> str:
        """Return a link that opens this object without a key for `expires_s` seconds."""
        return self._client.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=expires_s
        )

    def ensure_bucket(self) -> None:
        """Make the bucket unless it is there. Raises StoreDownError."""
        with _down_as_our_error():
            names = {entry["Name"] for entry in self._client.list_buckets()["Buckets"]}
            if self.bucket not in names:
                self._client.create_bucket(Bucket=self.bucket)

    @property
    def _client(self) -> "S3Client":
        return _client(
            self.endpoint, self.access_key.get_secret_value(), self.secret_key.get_secret_value()
        )


def content_key(under: str, sha256_hex: str) -> str:
    """Return the key of an object by its hash, fanned out over 256 folders."""
    return f"{under}/{sha256_hex[:2]}/{sha256_hex}"


@lru_cache(maxsize=4)
def _client(endpoint: str, access_key: str, secret_key: str) -> "S3Client":
    return boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name="us-east-1",
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            # The embedded server answers ranges with the checksum of the whole object.
            response_checksum_validation="when_required",
            request_checksum_calculation="when_required",
            connect_timeout=5,
            read_timeout=60,
            retries={"total_max_attempts": 4, "mode": "standard"},
        ),
    )


class _down_as_our_error:  # noqa: N801  (reads as a phrase where it stands)
    """Translate what boto3 raises: no such key -> KeyError, all else -> StoreDownError."""

    def __init__(self, key: str | None = None) -> None:
        self._key = key

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        if isinstance(error, ClientError):
            if self._key is not None and error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                raise KeyError(self._key) from error
            raise StoreDownError(str(error)) from error
        if isinstance(error, BotoCoreError):
            raise StoreDownError(str(error)) from error
