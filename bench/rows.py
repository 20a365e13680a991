"""The figures of a run as rows of the README's table."""

from typing import Any

_NAMES = {
    "first": "first full load",
    "again": "the same again",
    "changed": "1 % changed",
    "prices": "prices only, all new",
    "twice": "first load, twice the size",
    "sparse": "first load, sparse",
}


def as_rows(figures: dict[str, Any]) -> str:
    """Return the table in Markdown, and below it a sentence for each of the other figures."""
    machine = figures["machine"]
    of_what = (
        f"{figures['offers']:,} offers × {figures['warehouses']} warehouses; {machine['cpu']}, "
        f"{machine['cores']} cores, {machine['ram_gb']} GB, PostgreSQL {machine['postgresql']}, "
        f"Python {machine['python']}."
    )
    lines = [
        of_what,
        "",
        "| file | MB | records | s | × expat | × COPY | peak, MB |",
        "|---|---|---|---|---|---|---|",
        *(_row(name, figures[key]) for key, name in _NAMES.items() if key in figures),
        "",
    ]
    return "\n".join([*lines, *_sentences(figures)])


def _row(name: str, each: dict[str, Any]) -> str:
    cells = (
        name,
        f"{each['bytes'] / 1e6:.0f}",
        f"{each['records']:,}",
        f"{each['seconds']:.1f}",
        f"{each['to_expat']:.3g}",
        f"{each['to_copy']:.3g}",
        str(each["peak_mb"]),
    )
    return f"| {' | '.join(cells)} |"


def _sentences(figures: dict[str, Any]) -> list[str]:
    told = []
    if portals := figures.get("portals"):
        rounds = (
            f"{each['told']:,} records in {each['seconds']:.1f} s ({name})"
            for name, each in portals.items()
        )
        told.append(f"* Ten portals with different selections are told {', '.join(rounds)}.")
    if usual := figures.get("usual"):
        costs = ", ".join(f"{way} {us:.0f} µs" for way, us in usual["us_per_record"].items())
        told.append(f"* A record of {usual['offers']:,} offers costs: {costs}.")
    if gateway := figures.get("gateway"):
        busy = gateway["loading"]
        told.append(
            f"* While it loads, the gateway answers `checkauth` in {busy['p50_ms']} ms (p50), "
            f"{busy['p99_ms']} ms (p99)."
        )
    return told
