"""The command line of the auditor; ends with 1 when a promise is broken."""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import httpx
import typer

from sandbox.audit.audit import audit
from sandbox.audit.bucket import Bucket
from sandbox.audit.ledger import read_ledger
from sandbox.audit.portals import Held

_SHOWN = 50
_PORTAL_HELP = "NAME=http://127.0.0.1:8092, the control port of a portal of the sandbox"

app: typer.Typer = typer.Typer(help=__doc__, add_completion=False)


@app.command()
def main(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Exports of the sandbox, in the order of sending")
    ] = None,
    partner: Annotated[str | None, typer.Option(help="Whose exports these are")] = None,
    oldest: Annotated[float, typer.Option(help="Seconds that a message may wait")] = 60,
    portal: Annotated[list[str] | None, typer.Option(help=_PORTAL_HELP)] = None,
) -> None:
    """Read everything, check everything, say what is broken."""
    words = ("ENDPOINT", "BUCKET", "ACCESS_KEY", "SECRET_KEY")
    with Bucket.opened(*(os.environ[f"OBMEN_STORE_{word}"] for word in words)) as bucket:
        ledger = read_ledger(os.environ["OBMEN_AUDITOR_URL"], bucket)
    held = {
        name: _held(address) for name, _, address in (each.partition("=") for each in portal or ())
    }
    findings = audit(ledger, folders or [], partner, oldest, held)
    for finding in findings[:_SHOWN]:
        print(finding)
    print(
        f"{len(ledger.messages)} messages, {sum(map(len, ledger.named.values()))} named rows, "
        f"{len(ledger.prices)} price and {len(ledger.stock)} stock rows, "
        f"{len(ledger.refusals)} refusals, {len(folders or [])} exports, "
        f"{len(ledger.formed)} formed files, {len(ledger.deliveries)} deliveries, "
        f"{len(held)} portals asked"
    )
    if findings:
        print(f"BROKEN: {dict(Counter(finding.promise for finding in findings))}")
        sys.exit(1)
    print("Nothing is lost, doubled, changed or invented.")


def _held(address: str) -> Held:
    answer: Held = (
        httpx.get(f"{address}/held", timeout=60, trust_env=False).raise_for_status().json()
    )
    return answer


if __name__ == "__main__":
    app()
