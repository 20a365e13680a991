"""What is late: partners that fell silent, refusals nobody answered, books that do not balance."""

from blocks.warehouse import Warehouse


def find_overdue(warehouse: Warehouse, hours: int) -> list[str]:
    """Return a sentence for each thing that is late, the worst first."""
    with warehouse.transaction("select_overdue") as transaction:
        rows = transaction.run("select_overdue", hours=hours)
    return [row["sentence"] for row in rows]
