"""The object store read over plain HTTP: S3's signature, version 4, written out here.

Another client than the product's on purpose: a fault of its library must not hide from the audit.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Self
from urllib.parse import quote, urlsplit

import httpx

_REGION = "us-east-1"
_NO_BODY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket, for reading."""

    endpoint: str
    name: str
    access_key: str
    secret_key: str
    http: httpx.Client

    @classmethod
    @contextmanager
    def opened(cls, endpoint: str, name: str, access_key: str, secret_key: str) -> Iterator[Self]:
        """Reach a bucket for the length of the block."""
        with httpx.Client(timeout=60, trust_env=False) as http:
            yield cls(endpoint, name, access_key, secret_key, http)

    def get(self, key: str) -> bytes | None:
        """All bytes of an object; None when there is none."""
        path = quote(f"/{self.name}/{key}")
        answer = self.http.get(f"{self.endpoint}{path}", headers=self._signed(path))
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        answer.raise_for_status()
        return answer.content

    def _signed(self, path: str) -> dict[str, str]:
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        headers = {
            "host": urlsplit(self.endpoint).netloc,
            "x-amz-content-sha256": _NO_BODY,
            "x-amz-date": moment,
        }
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        request = f"GET\n{path}\n\n{lines}\n{names}\n{_NO_BODY}"
        scope = f"{moment[:8]}/{_REGION}/s3/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        signature = _keyed(self._key_for(scope), f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}")
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}, "
            f"SignedHeaders={names}, Signature={signature.hex()}"
        )
        return headers

    def _key_for(self, scope: str) -> bytes:
        key = f"AWS4{self.secret_key}".encode()
        for word in scope.split("/"):
            key = _keyed(key, word)
        return key


def _keyed(key: bytes, words: str) -> bytes:
    return hmac.new(key, words.encode(), hashlib.sha256).digest()
