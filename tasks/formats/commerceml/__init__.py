"""CommerceML 2 and 3, as 1C and its peers write it: bytes -> Arrow batches.

`encoding` decides by the bytes, `framing` proves the file whole and finds its records, `decode`
makes batches of them by `tables`.
"""

from typing import Final

from tasks.formats.commerceml.reading import CommerceML

__all__ = ["COMMERCEML"]

COMMERCEML: Final = CommerceML()
