"""What the warehouse holds, without surrogate keys and clocks: equal after any kills."""

from blocks.embedded.warehouse_setup import connect
from blocks.settings import Settings

_NAMED = ("product_group", "property", "category", "unit", "price_type", "warehouse", "product")
_LEFT_OUT = (
    "'{message_key,withdrawn_at,product_key,offer_key,price_type_key,warehouse_key,group_key,"
    "property_key,category_key,unit_key,partner_key,valid_from,valid_to,recorded_from,"
    "recorded_to}'::text[]"
)
_HOLDS = "jsonb_build_object('holds', valid_to = 'infinity', 'believed', recorded_to = 'infinity')"
_QUESTIONS = {
    **{
        table: f"select to_jsonb(t) - {_LEFT_OUT}"
        f" || jsonb_build_object('gone', withdrawn_at is not null) from core.{table} as t"
        for table in _NAMED
    },
    "offer": f"select to_jsonb(t) - {_LEFT_OUT} || jsonb_build_object('product', p.id)"
    " from core.offer as t join core.product as p using (product_key)",
    "price": f"select to_jsonb(t) - {_LEFT_OUT} || {_HOLDS}"
    " || jsonb_build_object('offer', o.id, 'type', p.id)"
    " from core.price as t join core.offer as o using (offer_key)"
    " join core.price_type as p using (price_type_key)",
    "stock": f"select to_jsonb(t) - {_LEFT_OUT} || {_HOLDS}"
    " || jsonb_build_object('offer', o.id, 'place', w.id)"
    " from core.stock as t join core.offer as o using (offer_key)"
    " left join core.warehouse as w using (warehouse_key)",
    "attachment": f"select to_jsonb(t) - {_LEFT_OUT} from core.attachment as t",
}


def state_of(settings: Settings) -> dict[str, list[str]]:
    """Return all rows of the warehouse as sorted JSON texts, by table."""
    with connect(settings.warehouse_url_for("obmen_auditor")) as connection:
        return {
            table: sorted(row[0] for row in connection.execute(_as_text(question)).fetchall())
            for table, question in _QUESTIONS.items()
        }


def _as_text(question: str) -> bytes:
    return f"select row::text from ({question}) as rows(row)".encode()
