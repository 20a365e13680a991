"""Steps that every exchange shares, as Prefect shows them."""

from prefect import task
from prefect.artifacts import acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE

from blocks.store import Store
from tasks.journal.summary import Summary

REPORT_LINK_S = 7 * 24 * 3600


@task(name="publish-summary", cache_policy=NO_CACHE)
async def publish_summary(summary: Summary, store: Store) -> Summary:
    """Leave the run's one artifact, with links to the validation reports."""
    keys = {closed.report_key for closed in summary.closed if closed.report_key}
    linked = Summary(
        summary.exchange,
        summary.closed,
        summary.delivered,
        summary.in_doubt,
        {key: store.presign(key, REPORT_LINK_S) for key in keys},
    )
    await acreate_markdown_artifact(
        linked.as_markdown(), key=summary.exchange, description=f"Books of {summary.exchange}"
    )
    return linked


class BooksDoNotBalanceError(RuntimeError):
    """A record left by no exit, or by two; the promise is broken and the run fails."""


def require_balance(summary: Summary) -> None:
    """Fail the run unless the books of each of its messages balance."""
    if not summary.is_balanced:
        raise BooksDoNotBalanceError(summary.as_markdown())
