"""How each service does: what the supervisor says of it, and what it answers itself."""

from dataclasses import dataclass

from blocks.embedded.health import is_healthy
from blocks.embedded.programs import programs
from blocks.embedded.supervisor import Supervisor
from blocks.settings import Settings


@dataclass(frozen=True, slots=True)
class Status:
    """One line of `make status`."""

    cells: tuple[str, str, str, str, str]
    is_well: bool = True


def read_status(settings: Settings) -> list[Status]:
    """Return a heading and a line for each service, replaced ones included."""
    states = Supervisor(settings).states()
    ours = {program.name: program.address for program in programs(settings)}
    replaced = {
        "postgresql": settings.admin_url.rpartition("@")[2].partition("/")[0],
        "s3": settings.store_endpoint,
        "prefect": settings.prefect_url,
    }
    lines = [Status(("service", "state", "pid", "address", "health"))]
    for name, address in (replaced | ours).items():
        is_well = is_healthy(name, settings)
        state = states.get(name, {})
        lines.append(
            Status(
                (
                    name,
                    str(state.get("statename", "STOPPED")).lower() if name in ours else "served",
                    str(state.get("pid") or "-"),
                    address,
                    "healthy" if is_well else "down",
                ),
                is_well=is_well,
            )
        )
    return lines
