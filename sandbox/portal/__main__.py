"""`python -m sandbox.portal --port 8091 --state portal.sqlite --quirk zip-yes`: until SIGTERM."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from sandbox.portal.quirks import Quirk, parse_habits
from sandbox.portal.server import EXCHANGE_PATH, Portal, Terms
from sandbox.portal.sessions import Login

QUIRK_HELP = f"name or name=number, again and again; one of: {', '.join(Quirk)}"


def main(  # noqa: PLR0913 - a command line
    *,
    port: Annotated[int, typer.Option(help="Of the exchange; 0: any free one")] = 8091,
    control_port: Annotated[int | None, typer.Option(help="By default the next one")] = None,
    state: Annotated[Path, typer.Option(help="What is held; outlives the process")],
    quirk: Annotated[list[str] | None, typer.Option(help=QUIRK_HELP)] = None,
    user: Annotated[str, typer.Option(help="Empty: everybody may come in")] = "",
    password: Annotated[str, typer.Option(envvar="PORTAL_PASSWORD")] = "",
) -> None:
    """Serve as a portal until SIGTERM or Ctrl-C."""
    try:
        habits = parse_habits(quirk or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--quirk") from None
    end = threading.Event()
    for word in (signal.SIGTERM, signal.SIGINT):
        signal.signal(word, lambda *_: end.set())
    portal = Portal(Terms(state, port, control_port, habits, Login(user, password)))
    portal.start()
    exchange = f"http://127.0.0.1:{portal.port}{EXCHANGE_PATH}"
    print(f"portal at {exchange}, control at http://127.0.0.1:{portal.control_port}", flush=True)
    end.wait()
    portal.stop()


if __name__ == "__main__":
    typer.run(main)
