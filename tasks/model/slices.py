"""Slices: the bytes of one offer with its prices and stock, and what they gave when last read."""

import pyarrow as pa

# What the slices gave that were read. `record_no` is that of the offer; its figures follow it.
READ = pa.schema(
    [
        pa.field("digest", pa.binary(16), nullable=False),  # xxh3_128 of the bytes
        pa.field("key", pa.string(), nullable=False),  # of the offer, "" if it has none
        pa.field("prices", pa.int32(), nullable=False),
        pa.field("stock", pa.int32(), nullable=False),
        pa.field("record_no", pa.int64(), nullable=False),
        pa.field("is_clean", pa.bool_(), nullable=False),  # read without a fault
    ]
)

# Slices of which all is known and still true.
KNOWN = pa.schema([READ.field(name) for name in ("digest", "key", "prices", "stock")])

# Slices beside one another that were passed over: one row for each of the datasets they hold.
PASSED = pa.schema(
    [
        pa.field("dataset", pa.string(), nullable=False),
        pa.field("record_no", pa.int64(), nullable=False),  # of the first record of the run
        pa.field("byte_offset", pa.int64(), nullable=False),
        pa.field("byte_length", pa.int64(), nullable=False),
        pa.field("records", pa.int64(), nullable=False),  # of this dataset
    ]
)
