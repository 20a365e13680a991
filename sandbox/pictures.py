"""Pictures made by code: small PNG files that any viewer opens."""

import struct
import zlib

_SIDE = 24


def paint(seed: int) -> bytes:
    """A PNG of 24×24 pixels, two colours in stripes, fixed by `seed`.

    Stored without compression: zlib builds differ in the bytes they pack to.
    """
    first, second = seed.to_bytes(8, "big")[2:5], seed.to_bytes(8, "big")[5:8]
    width = 1 + seed % 5
    row = b"".join(first if x // width % 2 else second for x in range(_SIDE))
    raw = b"".join(b"\0" + row for _ in range(_SIDE))
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _block(b"IHDR", header),
            _block(b"IDAT", zlib.compress(raw, 0)),
            _block(b"IEND", b""),
        )
    )


def _block(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
