"""Starts, stops and shows the services; `run` starts a program that is to use them."""

import os
import sys
from functools import partial
from typing import Annotated

import typer

from blocks.embedded.faults import CannotStartError
from blocks.embedded.programs import outsider_environment
from blocks.embedded.services import bring_up, take_down
from blocks.embedded.status import read_status
from blocks.settings import Settings

program = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_enable=False)


@program.command()
def up() -> None:
    """Start what is not running, set up what is new; harmless at any time."""
    settings = Settings.load()
    try:
        settings = bring_up(settings, say=partial(print, flush=True))
    except CannotStartError as fault:
        print(f"\n{fault}", file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"\nUI          {settings.prefect_url.removesuffix('/api')}")
    print(f"login       PREFECT_API_AUTH_STRING in {settings.secrets_file} (`make login` shows it)")
    print(f"1C's door   {settings.gateway_url}")


@program.command()
def down() -> None:
    """Stop everything that was started for this home."""
    take_down(Settings.load())


@program.command()
def status() -> None:
    """Show each service; exit 1 when one is down."""
    rows = read_status(Settings.load())
    widths = [max(len(row.cells[i]) for row in rows) for i in range(len(rows[0].cells))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row.cells, widths, strict=True)))
    if not all(row.is_well for row in rows):
        raise typer.Exit(1)


@program.command()
def login() -> None:
    """Print the login of the UI, which `up` never does: logs are read by many."""
    print(Settings.load().prefect_auth.get_secret_value())


@program.command(context_settings={"ignore_unknown_options": True})
def run(words: Annotated[list[str], typer.Argument(help="The program and its arguments")]) -> None:
    """Become another program, with the addresses of these services in its environment."""
    os.execvpe(words[0], words, os.environ | outsider_environment(Settings.load()))  # noqa: S606


if __name__ == "__main__":
    program()
