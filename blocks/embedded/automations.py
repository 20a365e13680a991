"""What Prefect does by itself when a run dies, fails or waits too long.

Prefect has none of these by default: a run whose machine died would stay `Running` for ever and
hold its place in the queue. Nothing here is needed for correct data: our runs may be started again
at any time, and a zombie that wakes up is stopped by its epoch.
"""

from datetime import timedelta
from uuid import UUID

from prefect.automations import AutomationCore, EventTrigger, Posture
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CancelFlowRun, ChangeFlowRunState, SendNotification
from prefect.events.schemas.events import ResourceSpecification

_EVERY_RUN = ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"})
_EACH = {"prefect.resource.id"}
# Runs are named by their partner: the fault of one must not hush up another's.
_EACH_NAME = frozenset({"prefect.resource.name", "related:flow-run:prefect.resource.name"})
# Events are called by the name of the state; a worker renames Pending while it submits.
_SUBMITTED = {
    f"prefect.flow-run.{state}" for state in ("Pending", "Submitting", "InfrastructurePending")
}
_STARTED = _SUBMITTED | {"prefect.flow-run.Running"}
_ENDED = {
    f"prefect.flow-run.{state}"
    for state in ("Completed", "Failed", "Crashed", "Cancelled", "Cancelling", "TimedOut")
}
_RUN_LINE = (
    "{{ flow.name }} / {{ flow_run.name }}: {{ flow_run.state.name }}\n{{ flow_run|ui_url }}"
)
_EVENT_LINE = "{{ event.payload.text }}\n{{ flow_run|ui_url }}"


def keepers() -> list[AutomationCore]:
    """Return the automations that keep runs from hanging or piling up."""
    return [
        AutomationCore(
            name="A run without heartbeat has crashed",
            description="Heartbeats come every 30 s; after three missed ones the machine is gone.",
            trigger=EventTrigger(
                match=_EVERY_RUN,
                for_each=_EACH,
                after={"prefect.flow-run.heartbeat"},
                expect={"prefect.flow-run.heartbeat"} | _ENDED,
                posture=Posture.Proactive,
                threshold=1,
                within=timedelta(seconds=90),
            ),
            actions=[ChangeFlowRunState(state=StateType.CRASHED, message="No heartbeat for 90 s")],
        ),
        AutomationCore(
            name="A run that was submitted and never began has crashed",
            description="Its worker died between the two; it would keep its place for ever.",
            trigger=EventTrigger(
                match=_EVERY_RUN,
                for_each=_EACH,
                after=_SUBMITTED,
                expect={"prefect.flow-run.Running"} | _ENDED,
                posture=Posture.Proactive,
                threshold=1,
                within=timedelta(minutes=3),
            ),
            actions=[ChangeFlowRunState(state=StateType.CRASHED, message="Never began")],
        ),
        AutomationCore(
            name="A run late by 20 minutes is cancelled",
            description="After an outage the next scheduled run does the work of all missed ones.",
            trigger=EventTrigger(
                match=_EVERY_RUN,
                for_each=_EACH,
                after={"prefect.flow-run.Late"},
                expect=_STARTED | _ENDED,
                posture=Posture.Proactive,
                threshold=1,
                within=timedelta(minutes=20),
            ),
            actions=[CancelFlowRun()],
        ),
    ]


def alerts(block_id: UUID) -> list[AutomationCore]:
    """Return the automations that tell people, through the notification block of this id."""
    return [
        _alert(
            "Tell of a failed run",
            {"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"},
            "Obmen: a run failed",
            _RUN_LINE,
            block_id,
        ),
        _alert(
            "Tell of a late run",
            {"prefect.flow-run.Late"},
            "Obmen: a run is late",
            _RUN_LINE,
            block_id,
            for_each=frozenset(),  # all wait for one worker
        ),
        _alert(
            "Tell of refused records",
            {"obmen.refusals.opened"},
            "Obmen: records were refused",
            _EVENT_LINE,
            block_id,
        ),
        _alert(
            "Tell of books that do not balance",
            {"obmen.books.unbalanced"},
            "Obmen: books do not balance",
            _EVENT_LINE,
            block_id,
        ),
        _alert(
            "Tell of records missing at a portal",
            {"obmen.target.missing"},
            "Obmen: a portal does not hold what it acknowledged",
            _EVENT_LINE,
            block_id,
        ),
        _alert(
            "Tell of deliveries in doubt",
            {"obmen.delivery.in-doubt"},
            "Obmen: did it arrive? Nobody knows",
            _EVENT_LINE,
            block_id,
        ),
    ]


def _alert(  # noqa: PLR0913 - five words of a message, and whose messages are counted together
    name: str,
    events: set[str],
    subject: str,
    body: str,
    block_id: UUID,
    *,
    for_each: frozenset[str] = _EACH_NAME,
) -> AutomationCore:
    return AutomationCore(
        name=name,
        description="Goes to the block obmen-alerts; set OBMEN_ALERT_URL or edit the block.",
        trigger=EventTrigger(
            # One message in five minutes for each kind of event, not one for each event. What comes
            # within them is not told later either: Prefect drops it (triggers.py of 3.8.8).
            expect=events,
            for_each=set(for_each),
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(minutes=5),
        ),
        actions=[SendNotification(block_document_id=block_id, subject=subject, body=body)],
    )
