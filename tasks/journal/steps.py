"""Steps that every exchange shares, as Prefect shows them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from prefect import task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event

from blocks.partner import BrokenBlockError, Partner, list_partner_names, load_partner
from blocks.store import Store
from blocks.warehouse import Warehouse
from tasks.journal.outcome import complete, list_unbalanced
from tasks.journal.presets import WORTH_ANOTHER_TRY
from tasks.journal.summary import Summary

REFUSALS_OPENED = "obmen.refusals.opened"
BOOKS_UNBALANCED = "obmen.books.unbalanced"
MISSING_AT_TARGET = "obmen.target.missing"
DELIVERY_IN_DOUBT = "obmen.delivery.in-doubt"


class BooksDoNotBalanceError(RuntimeError):
    """A record left by no exit, or by two; the promise is broken and the run fails."""


class PartnersStoppedError(RuntimeError):
    """Some partner's messages could not be taken; the others' were."""


@dataclass(frozen=True, slots=True)
class NotDone:
    """A person asked for what is not there; the run ends with this sentence."""

    why: str


@task(name="publish-summary", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def publish_summary(summary: Summary, warehouse: Warehouse, store: Store) -> Summary:
    """Leave the run's one artifact, and tell whoever listens of refusals that wait."""
    whole = await asyncio.to_thread(complete, summary, warehouse, store)
    await leave_artifact(whole)
    if whole.open_refusals:
        causes = ", ".join(sorted({line.cause for line in whole.refused if line.open_records}))
        tell(REFUSALS_OPENED, whole.exchange, f"{whole.headline}\nCauses: {causes}")
    return whole


@task(name="require-balance", cache_policy=NO_CACHE, **WORTH_ANOTHER_TRY)
async def require_balance(summary: Summary, warehouse: Warehouse) -> None:
    """Fail the run unless its books balance, and those of every message that was ever closed."""
    broken = list(await asyncio.to_thread(list_unbalanced, warehouse))
    if not summary.is_balanced:
        broken.append(summary.headline)
    if broken:
        tell(BOOKS_UNBALANCED, summary.exchange, "\n".join(broken))
        raise BooksDoNotBalanceError("; ".join(broken))


def require_success(failures: Mapping[str, str]) -> None:
    """Fail the run if a partner's messages could not be taken: failures by partner."""
    if failures:
        told = (f"{partner}: {fault}" for partner, fault in failures.items())
        raise PartnersStoppedError("; ".join(told))


async def leave_artifact(summary: Summary) -> None:
    """Show a summary on the run's page. Each run leaves one, under the name of its exchange."""
    await acreate_markdown_artifact(
        summary.as_markdown(), key=summary.exchange, description=summary.headline
    )


async def not_done(word: str, why: str) -> NotDone:
    """Leave the artifact of a run that did nothing of what was asked, and its sentence."""
    await leave_artifact(Summary(word, title=f"{word}: nothing was done", note=f"{why}."))
    return NotDone(why)


async def load_partners() -> tuple[list[Partner], dict[str, str]]:
    """Read all Partner blocks, in order of their names; say of those that are broken why.

    One whose form was filled in wrongly keeps no other waiting.
    """
    partners, broken = [], {}
    for name in await list_partner_names():
        try:
            partners.append(await load_partner(name))
        except BrokenBlockError as fault:
            broken[name] = str(fault)
    return partners, broken


def tell(event: str, exchange: str, text: str) -> None:
    """Emit an event for the automations that tell people."""
    emit_event(
        event=event,
        resource={"prefect.resource.id": f"obmen.exchange.{exchange}"},
        payload={"text": text},
    )
