"""Tells when an exchange has been silent for too long. It stands outside Prefect on purpose.

It asks our own journal, for a scheduler that died leaves Prefect's pages green: nothing failed,
nothing is late, nothing happens. Run it from cron or a systemd timer:
`make watchdog ARGS="--silence-min 1500"`. Exit 1 and a line for each finding; the same lines go to
OBMEN_WATCHDOG_URL if it is set.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import httpx
import typer
from pydantic import SecretStr

from blocks.embedded.prefect_api import api_client
from blocks.settings import Settings
from blocks.warehouse import Warehouse


def watch(
    silence_min: Annotated[int, typer.Option(help="Longest time without a good run")] = 1500,
    waiting_min: Annotated[int, typer.Option(help="Longest time a file may wait")] = 30,
    schedule_min: Annotated[int, typer.Option(help="Longest time without any run")] = 30,
) -> None:
    """Look once; exit 1 with a line for each exchange that has been silent for too long."""
    settings = Settings.load()
    findings = [
        *find_silences(settings, silence_min=silence_min, waiting_min=waiting_min),
        *find_dead_schedule(settings, schedule_min=schedule_min),
    ]
    for finding in findings:
        print(finding)
    if findings and settings.watchdog_url:
        httpx.post(settings.watchdog_url, json={"text": "\n".join(findings)}, timeout=30)
    raise typer.Exit(1 if findings else 0)


def find_silences(settings: Settings, *, silence_min: int, waiting_min: int) -> Iterator[str]:
    """Yield a line for each exchange and partner without a good run, or with a file that waits."""
    warehouse = Warehouse(url=SecretStr(settings.warehouse_url_for("obmen_auditor")))
    if not warehouse.is_reachable():
        yield f"the warehouse at port {settings.warehouse_port} does not answer"
        return
    with warehouse.transaction("watch") as transaction:
        rows = transaction.run(
            "watchdog/select_silences", silence_min=silence_min, waiting_min=waiting_min
        )
    for row in rows:
        since = f"since {row['succeeded_at']:%Y-%m-%d %H:%M %Z}" if row["succeeded_at"] else "ever"
        waits = row["waits_since"]
        yield f"{row['exchange']} of {row['partner']}: no good run {since}" + (
            f", a file waits since {waits:%Y-%m-%d %H:%M %Z}" if waits else ""
        )


def find_dead_schedule(settings: Settings, *, schedule_min: int) -> Iterator[str]:
    """Yield a line when Prefect does not answer, or ended no run for `schedule_min` minutes."""
    since = datetime.now(UTC) - timedelta(minutes=schedule_min)
    wanted = {
        "flow_runs": {
            "state": {"type": {"any_": ["COMPLETED"]}},
            "end_time": {"after_": since.isoformat()},
        }
    }
    try:
        with api_client(settings) as prefect:
            answer = prefect.post("/flow_runs/count", json=wanted)
            answer.raise_for_status()
    except httpx.HTTPError as fault:
        yield f"Prefect at {settings.prefect_url} does not answer: {fault}"
        return
    if answer.json() == 0:
        yield f"Prefect: no run completed for {schedule_min} minutes, though one is due every 5"


if __name__ == "__main__":
    typer.run(watch)
