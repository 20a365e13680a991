"""Form files once more in a process of its own: prints the SHA-256 of each, in order.

Reads a JSON object from standard input: the store's terms and, for each file, name and rules.
"""

import hashlib
import json
import sys

from pydantic import SecretStr

from blocks.store import Store
from tasks.publication.forming import form_again


def main() -> None:
    """Form what was asked for."""
    asked = json.load(sys.stdin)
    store = Store(
        endpoint=asked["endpoint"],
        bucket=asked["bucket"],
        access_key=SecretStr(asked["access_key"]),
        secret_key=SecretStr(asked["secret_key"]),
    )
    for file in asked["files"]:
        formed = form_again(store, file["rules"], file["name"])
        sys.stdout.write(hashlib.sha256(formed).hexdigest() + "\n")


if __name__ == "__main__":
    main()
