"""The command line of the 1C in the box: one export, or a loop of changing ones."""

import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from sandbox.company import Company
from sandbox.dialect import Client
from sandbox.dialogue import Account, Turn
from sandbox.export import Export, Mode, Order, export
from sandbox.faults import Fault
from sandbox.loop import Campaign, campaign
from sandbox.onec import Manners, run
from sandbox.spoil import SPOILABLE, spoil
from sandbox.trading import TradingCompany

app: typer.Typer = typer.Typer(help=__doc__, no_args_is_help=True)

Url = Annotated[str, typer.Option(help="Address of the exchange, without '?'")]
Login = Annotated[str, typer.Option()]
Password = Annotated[str, typer.Option(envvar="SANDBOX_PASSWORD")]
Side = Annotated[Client, typer.Option(help="Which program 1C's side uses")]
Goods = Annotated[int, typer.Option(min=1)]
Seed = Annotated[int, typer.Option(help="The same seed is the same company")]
Portion = Annotated[int, typer.Option(min=1, help="Goods in one file")]
ZIP_HELP = "Pack when the site says zip=yes"


def _tell(turn: Turn) -> None:
    typer.echo(f"{turn.seconds:8.3f} s  {turn.request}  ->  {turn.answer}")


@app.callback(invoke_without_command=True)
def exchange(  # noqa: PLR0913 - a command line
    context: typer.Context,
    *,
    url: Url = "http://127.0.0.1:8080/1c_exchange.php",
    login: Login = "onec",
    password: Password = "",
    client: Side = Client.A,
    goods: Goods = 500,
    seed: Seed = 7,
    mode: Mode = Mode.FULL,
    portion: Portion = 1000,
    steps: Annotated[int, typer.Option(min=0, help="How much time has passed")] = 0,
    share: Annotated[float, typer.Option(help="Share of goods touched in a step")] = 0.02,
    cml: Annotated[str | None, typer.Option(help="Version of CommerceML")] = None,
    pack: Annotated[bool, typer.Option("--zip/--no-zip", help=ZIP_HELP)] = True,
    no_import: Annotated[bool, typer.Option(help="Do not wait for the import")] = False,
    deactivate: Annotated[bool, typer.Option(help="Client B: deactivate")] = False,
    fault: Annotated[Fault | None, typer.Option(help="What is to go wrong")] = None,
    folder: Annotated[Path | None, typer.Option(help="Keep the files here")] = None,
    dry: Annotated[bool, typer.Option(help="Write the files, send nothing")] = False,
) -> None:
    """Export the company once; ends with 1 when 1C shows an error."""
    if context.invoked_subcommand:
        return
    company = Company(seed, goods=goods)
    for number in range(max(steps, int(mode is Mode.CHANGES))):
        company = company.after(seed + number + 1, share)
    with tempfile.TemporaryDirectory() as scratch:
        target = folder or Path(scratch)
        written = export(company, target, Order(client, mode, portion, cml))
        _spoil(written, fault)
        if dry:
            typer.echo(f"{len(written.sets)} file sets in {target}")
            return
        manners = Manners(pack, not no_import, deactivate, fault)
        result = run(written, Account(url, login, password), manners, _tell)
    typer.echo(result.error or f"Выгрузка завершена: {len(result.sent)} файлов")
    if not result.is_success:
        sys.exit(1)


@app.command()
def loop(  # noqa: PLR0913 - a command line
    *,
    seconds: Annotated[float, typer.Option(min=0, help="When to stop")],
    url: Url = "http://127.0.0.1:8080/1c_exchange.php",
    login: Login = "onec",
    password: Password = "",
    client: Side = Client.A,
    goods: Goods = 200,
    seed: Seed = 7,
    portion: Portion = 100,
    log: Annotated[Path, typer.Option(help="JSON lines, one a run")] = Path("onec-loop.jsonl"),
) -> None:
    """Export one state of the company after another until the time is over."""
    plan = Campaign(Account(url, login, password), client, goods, seed, portion, log)
    campaign(plan, seconds, say=typer.echo)


@app.command()
def trade(  # noqa: PLR0913 - a command line
    *,
    url: Url = "http://127.0.0.1:8080/1c_exchange.php",
    login: Login = "onec",
    password: Password = "",
    client: Side = Client.B31,
    goods: Goods = 200,
    seed: Seed = 7,
    mode: Mode = Mode.PRICES,
    portion: Portion = 1000,
    days: Annotated[int, typer.Option(min=0, help="Days of trade since the last export")] = 1,
    sell: Annotated[list[str] | None, typer.Option(help="OFFER|WAREHOUSE|QUANTITY sold")] = None,
) -> None:
    """Re-export prices and stock after some trade; ends with 1 when 1C shows an error."""
    company = TradingCompany(Company(seed, goods=goods), hours=1)
    for number in range(days):
        company = company.day(seed + number)
    for sale in sell or ():
        offer_id, warehouse_id, quantity = sale.rsplit("|", 2)
        company = company.sell(offer_id, Decimal(quantity), warehouse_id)
    with tempfile.TemporaryDirectory() as scratch:
        written = export(company, Path(scratch), Order(client, mode, portion))
        result = run(written, Account(url, login, password), watch=_tell)
    typer.echo(result.error or f"Выгрузка завершена: {len(result.sent)} файлов")
    if not result.is_success:
        sys.exit(1)


def _spoil(written: Export, fault: Fault | None) -> None:
    if fault in SPOILABLE:
        typer.echo(f"damaged: {spoil(written, fault)}")
