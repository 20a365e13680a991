"""What stock and prices cost, from the archived file to committed and balanced books.

A seeded volume is loaded whole, sent again, sent with 1 % changed, told to ten portals, repriced,
and doubled; each file is taken in a process of its own, beside bare expat over the same bytes and a
COPY of as many rows in the same run. A figure is given only of work that was done: books that are
not as they must be end the run. Prints one JSON object.
Run: python -m bench.stock --offers 200000 --warehouses 5
With --markdown it prints the rows of the README's table instead, with --markdown FIGURES.json those
of an earlier run.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from bench.installation import installed
from bench.rows import as_rows
from bench.scenarios import SCENARIOS, USUAL, Bench
from bench.volume import Volume
from bench.yardsticks import describe_machine


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=200_000)
    parser.add_argument("--warehouses", type=int, default=5)
    parser.add_argument(
        "--small", type=int, default=5_000, help="offers for what one writes instead"
    )
    parser.add_argument("--sparse", type=int, default=1_000_000, help="offers of `sparse`")
    parser.add_argument("--scenario", nargs="+", choices=SCENARIOS, default=USUAL)
    parser.add_argument("--markdown", nargs="?", const="", metavar="FIGURES.json")
    asked = parser.parse_args()
    if asked.markdown:
        figures = json.loads(Path(asked.markdown).read_text(encoding="utf-8"))
    else:
        figures = _measure(asked)
    is_table = asked.markdown is not None
    print(as_rows(figures) if is_table else json.dumps(figures, indent=1, ensure_ascii=False))


def _measure(asked: argparse.Namespace) -> dict[str, Any]:
    volume = Volume(asked.offers, asked.warehouses)
    small = Volume(asked.small, asked.warehouses)
    with installed() as at:
        machine = describe_machine(at.settings)
        return {
            "machine": machine,
            **Bench(at, volume, small, asked.sparse).measure(asked.scenario),
        }


if __name__ == "__main__":
    main()
