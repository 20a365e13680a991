"""What a round tells people: portals, packages, answers, what waits for a person."""

from collections.abc import Sequence

from tasks.journal.summary import Summary, count_of, markdown_table
from tasks.publication.desk import EXCHANGE
from tasks.publication.differences import Verified
from tasks.publication.forming import Formed
from tasks.publication.planning import PublicationPlan
from tasks.publication.targets import Published

_SAID = 20
_NAMED = 3


def summarise(published: Published, passed_over: dict[str, str]) -> Summary:
    """Return the run's artifact and figures; they count records, not files."""
    sent = published.sent
    delivered = sum(each.records for each in sent if each.outcome == "delivered")
    in_doubt = sum(each.records for each in sent if each.outcome == "in_doubt")
    parts = [
        _formed(published.formed),
        _sent(published),
        "\n\n".join(map(_verified, published.verified)),
        _troubles(published, passed_over),
    ]
    return Summary(
        EXCHANGE,
        title=_headline(published),
        note="\n\n".join(filter(None, parts)),
        sent=sum(each.records for each in sent),
        delivered=delivered,
        in_doubt=in_doubt,
    )


def list_sent(published: Published) -> list[int]:
    """Return the keys of the deliveries that were sent, or settled by asking."""
    return sorted({each.delivery_key for each in published.sent})


def list_failures(published: Published) -> dict[str, str]:
    """Return, by portal, what kept a package from being delivered."""
    unsent = {
        each.portal: f"delivery {each.delivery_key} is in doubt: {each.question}"
        if each.outcome == "in_doubt"
        else f"delivery {each.delivery_key} failed: {each.answer}"
        for each in published.sent
        if each.outcome != "delivered"
    }
    return unsent | published.failures


def describe_plan(plan: PublicationPlan) -> str:
    """Return a plan as Markdown: what would be made, changed and deleted, the first lines of it."""
    head = (
        f"Plan **{plan.plan_id}** for **{plan.portal}**: nothing was written or sent. The "
        "deployment **apply** with this number does exactly this, or refuses because something "
        "changed since."
    )
    lines = [head, _counts_table(plan)]
    if plan.withheld:
        lines.append(
            f"{count_of(plan.withheld, 'deletion')} would wait for a person: {plan.reason}"
        )
    lines += [f"{lack}: there is no rate, they would stay out." for lack in plan.lacks]
    shown = plan.delta.slice(0, _SAID).to_pylist()
    lines.append("\n".join(f"* {row['effect']} {row['dataset']} `{row['key']}`" for row in shown))
    if (more := plan.delta.num_rows - len(shown)) > 0:
        lines.append(f"And {more} more.")
    return "\n\n".join(filter(None, lines))


def _headline(published: Published) -> str:
    outcomes = [each.outcome for each in published.sent]
    if not outcomes and not published.failures:
        return f"{EXCHANGE}: nothing was to be told"
    said = [
        f"{count_of(outcomes.count(outcome), 'package')} {outcome.replace('_', ' ')}"
        for outcome in ("delivered", "failed", "in_doubt")
        if outcome in outcomes
    ]
    if published.failures:
        said.append(f"{count_of(len(published.failures), 'portal')} stopped")
    return f"{EXCHANGE}: {', '.join(said)}"


def _formed(formed: Sequence[Formed]) -> str:
    lines = []
    for each in formed:
        if each.delivery_key is not None:
            told = ", ".join(
                f"{count.dataset} +{count.creates} ~{count.updates} −{count.deletes}"
                for count in each.counts
                if count.changes
            )
            files = ", ".join(each.files) or "pictures"
            if len(each.files) > _NAMED:
                files = count_of(len(each.files), "file")
            lines.append(f"* **{each.portal}**: delivery {each.delivery_key}, {files}: {told}")
        lines += [
            f"* **{each.portal}**: {lack}: there is no rate, they stay out (**load-rates**)"
            for lack in each.lacks
        ]
        if each.held.records:
            lines.append(
                f"* **{each.portal}**: {count_of(each.held.records, 'deletion')} wait as list "
                f"{each.held.list_key}; answer with the deployment **confirm** or **drop**"
            )
    return "\n".join(["## Formed (new +, changed ~, gone −)", "", *lines]) if lines else ""


def _sent(published: Published) -> str:
    lines = [
        f"* **{each.portal}**: delivery {each.delivery_key}, {count_of(each.records, 'record')}: "
        f"**{each.outcome.replace('_', ' ')}**. {each.answer} {each.question}".rstrip()
        for each in published.sent
    ]
    if any(each.outcome == "in_doubt" for each in published.sent):
        lines.append("\nSettle what is in doubt with the deployment **settle**.")
    return "\n".join(["## Sent", "", *lines]) if lines else ""


def _verified(verified: Verified) -> str:
    head = ["kind", "ours", "theirs", "our sum", "their sum", "differ", "lag", "equal hashes"]
    rows = [
        [
            each.dataset,
            each.our_records,
            each.their_records,
            each.our_total or "",
            each.their_total or "",
            each.differing,
            each.lagging,
            "yes" if each.our_hash == each.their_hash else "no",
        ]
        for each in verified.sums
    ]
    lines = [f"## {verified.portal}, read back", "", markdown_table(head, rows), ""]
    if verified.report:
        lines += [f"[The whole report]({verified.report})", ""]
    lines += [f"* {difference}" for difference in verified.differences[:_SAID]]
    if not verified.differences:
        lines.append("Nothing differs.")
    if verified.lagging:
        lines += ["", f"{_lagging(verified)} It is no difference: the next package brings it."]
    return "\n".join(lines)


def _lagging(verified: Verified) -> str:
    count = count_of(verified.lagging, "record")
    examples = "; ".join(str(each) for each in verified.lags[:_NAMED])
    return f"{count} changed here since the portal last acknowledged them: {examples}."


def _troubles(published: Published, passed_over: dict[str, str]) -> str:
    told = (
        (passed_over, "was passed over"),
        (published.unasked, "took it, but could not be asked what it holds"),
        (published.failures, "stopped"),
    )
    return "\n".join(
        f"* **{portal}** {what}: {why}" for whom, what in told for portal, why in whom.items()
    )


def _counts_table(plan: PublicationPlan) -> str:
    head = "| kind | creates | updates | deletes |\n|---|---|---|---|"
    rows = [
        f"| {each.dataset} | {each.creates} | {each.updates} | {each.deletes} |"
        for each in plan.counts
        if each.changes
    ]
    return "\n".join([head, *rows])
