"""Columns of Arrow made into others, all values at once."""

from typing import Final

import numpy as np
import pyarrow as pa

_DIGITS: Final = np.frombuffer(b"".join(f"{byte:02x}".encode() for byte in range(256)), "S2")


def to_hex(column: pa.Array) -> pa.StringArray:
    """Return fixed-size bytes as lower-case hexadecimal text."""
    if column.null_count:
        return pa.array([value and value.hex() for value in column.to_pylist()], pa.string())
    width, count = column.type.byte_width, len(column)
    payload = np.frombuffer(column.buffers()[1], np.uint8)
    payload = payload[column.offset * width : (column.offset + count) * width]
    offsets = np.arange(count + 1, dtype=np.int32) * (2 * width)
    return pa.StringArray.from_buffers(
        count, pa.py_buffer(offsets), pa.py_buffer(_DIGITS[payload].tobytes())
    )
