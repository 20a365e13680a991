"""What is planted for the auditor to find, and how the finding must begin."""

ONE_PRODUCT = "(select min(id) from core.product where is_deleted is not true)"
NOW = "valid_to = 'infinity' and recorded_to = 'infinity'"
ONE_PRICE = f"(select min(ctid) from core.price where {NOW})"
ONE_STOCK = f"(select min(ctid) from core.stock where {NOW})"
OLD_PRICE = "(select min(ctid) from core.price where recorded_to <> 'infinity')"
A_GOODS_FILE = "(select min(message_key) from journal.books where dataset = 'goods')"


def _list(state: str, person: str, records: int) -> str:
    """Plant a list of deletions, past all rules of the database."""
    return (
        "insert into journal.deletion_list overriding system value"
        " select 900, partner_key, 'in', 'catalog', 'goods', null,"
        f" {records}, {records}, 0.05, 20, '', sha256(''), '{state}', {person}, {person}, now(),"
        f" case when '{state}' <> 'waiting' then now() end from journal.partner limit 1;"
    )


# What is done to the copy, and how the finding that must come of it begins.
DAMAGES = {
    "a product is lost": (f"delete from core.product where id = {ONE_PRODUCT}", "core: goods"),
    "a product stands twice": (
        (
            "alter table core.product drop constraint product_partner_key_id_key;"
            "create temporary table twin as select * from core.product"
            f" where id = {ONE_PRODUCT};"
            "update twin set product_key = product_key + 1000000;"
            "insert into core.product overriding system value select * from twin"
        ),
        "core: goods",
    ),
    "a name is changed": (
        f"update core.product set name = name || '.' where id = {ONE_PRODUCT}",
        "changed: goods",
    ),
    "a group is renamed": ("update core.product_group set name = 'x'", "changed: groups"),
    "nobody brought a product": (
        (
            "insert into core.product (partner_key, id, digest, message_key)"
            " select partner_key, 'invented', digest, message_key from core.product limit 1"
        ),
        "core: goods invented: no message",
    ),
    "nobody needs the offer of a product": (
        (
            "insert into core.offer (partner_key, product_key, id, digest, message_key)"
            " select partner_key, product_key, id, '00000000-0000-0000-0000-000000000000',"
            " message_key from core.product where not exists"
            " (select from core.offer where offer.id = product.id) limit 1"
        ),
        "core: offers",
    ),
    "a product goes and nobody said so": (
        f"update core.product set withdrawn_at = now() where id = {ONE_PRODUCT}",
        "deletion: goods",
    ),
    "a product stays away though it was brought again": (
        (
            "update core.product set withdrawn_at = '2026-01-01', is_deleted = false"
            f" where id = {ONE_PRODUCT};"
            + _list("confirmed", "'Иванова'", 1)
            + "insert into journal.deletion (list_key, dataset, key, done_at)"
            f" select 900, 'goods', {ONE_PRODUCT}, '2026-01-01'"
        ),
        "deletion: goods",
    ),
    "a record goes while its list waits": (
        _list("waiting", "null", 1)
        + "insert into journal.deletion (list_key, dataset, key, done_at)"
        " values (900, 'goods', 'x', now())",
        "deletion: list 900: goods x: it went",
    ),
    "the brake lets too much go": (
        _list("confirmed", "'the brake'", 100),
        "deletion: list 900: 100 of 100",
    ),
    "what came late is the present": (
        (
            "update core.price set valid_from = '2025-01-01', valid_to = '2025-02-01'"
            " where amount = 120.50 and offer_key in (select offer_key from core.price"
            " where amount = 99 and valid_from < '2026-02-01');"
            "update core.price set valid_to = 'infinity'"
            " where amount = 99 and valid_from < '2026-02-01'"
        ),
        "core: prices",
    ),
    "an offer has no product": ("update core.offer set product_key = -1", "orphan: offers"),
    "an amount is changed": (
        f"update core.price set amount = amount + 0.01 where ctid = {ONE_PRICE}",
        "changed: prices",
    ),
    "a quantity is changed": (
        f"update core.stock set quantity = quantity + 1 where ctid = {ONE_STOCK}",
        "changed: stock",
    ),
    "the current price is lost": (
        f"delete from core.price where ctid = {ONE_PRICE}",
        "lost: prices",
    ),
    "an old price is lost": (
        (
            "delete from core.price where (offer_key, price_type_key) ="
            f" (select offer_key, price_type_key from core.price where ctid = {OLD_PRICE})"
            f" and not ({NOW})"
        ),
        "core: prices",
    ),
    "two prices are current": (
        (
            "drop index core.one_price_now; insert into core.price"
            f" select * from core.price where ctid = {ONE_PRICE}"
        ),
        "history: prices",
    ),
    "two periods overlap": (
        (
            "update core.price set valid_to = 'infinity',"
            " recorded_to = recorded_to + interval '1 day'"
            f" where ctid = {OLD_PRICE}"
        ),
        "history: prices",
    ),
    "a price names a message that did not bring it": (
        (
            "update core.price set message_key ="
            " (select max(message_key) from journal.message where manifest_key is not null)"
            f" where ctid = {ONE_PRICE}"
        ),
        "core: prices",
    ),
    "a price was recorded after the watermark": (
        (
            "update core.price set recorded_from = recorded_from + interval '1 year'"
            f" where ctid = {ONE_PRICE}"
        ),
        "checkpoint: partner",
    ),
    "a root is changed": (
        f"update journal.message set merkle_root = sha256('x') where message_key = {A_GOODS_FILE}",
        "manifest: message",
    ),
    "books are cooked": (
        (
            "update journal.books set received = received + 1, accepted = accepted + 1"
            f" where message_key = {A_GOODS_FILE} and dataset = 'goods'"
        ),
        "books: message",
    ),
    "books do not balance": (
        (
            "alter table journal.books drop constraint books_balance;"
            f"update journal.books set refused = 1 where message_key = {A_GOODS_FILE}"
        ),
        "books: message",
    ),
    "books are gone": (
        f"delete from journal.books where message_key = {A_GOODS_FILE}",
        "message: message",
    ),
    "a refusal is gone": ("delete from journal.refusal", "refusal: message"),
    "a refusal stands outside its file": (
        "update journal.refusal set byte_offset = 1000000000",
        "refusal: refusal",
    ),
    "a message is gone": (
        f"delete from journal.message where message_key = {A_GOODS_FILE}",
        "lost: full/",
    ),
    "an ended message waits again": (
        (
            "update journal.message set state = 'received', closed_at = null"
            f" where message_key = {A_GOODS_FILE}"
        ),
        "message: message",
    ),
    "an epoch was never given": (
        f"update journal.message set epoch = 1000 where message_key = {A_GOODS_FILE}",
        "epoch: message",
    ),
    "staging is not empty": (
        f"set session_replication_role = origin;select staging.open_message({A_GOODS_FILE})",
        "staging:",
    ),
    "a chunk is forgotten": (
        "delete from journal.chunk where ctid = (select min(ctid) from journal.chunk)",
        "upload: upload",
    ),
    "a file that was answered success is gone without a trace": (
        "delete from journal.chunk; delete from journal.upload",
        "answer: session",
    ),
    "an upload became another message": (
        (
            "update journal.upload set message_key ="
            " (select max(message_key) from journal.upload where sealed_at is not null)"
        ),
        "upload: message",
    ),
    "a member of an archive is filed twice": (
        (
            "create temporary table twin as select * from journal.message"
            " where message_key = (select min(message_key) from journal.message"
            " where origin = 'member');"
            "update twin set message_key = message_key + 1000, message_uuid = gen_random_uuid();"
            "insert into journal.message overriding system value select * from twin"
        ),
        "member: message",
    ),
    "a checkpoint is ahead": (
        "update journal.checkpoint set position = position + 1 where name = 'message'",
        "checkpoint: ",
    ),
    "a delivery is both planned and delivered": (
        (
            "alter table journal.delivery drop constraint delivery_idempotency_key_key;"
            "insert into journal.delivery (partner_key, exchange, kind, idempotency_key, state,"
            " ended_at) select partner_key, exchange, kind, idempotency_key, 'delivered', now()"
            " from journal.delivery"
        ),
        "delivery: k1",
    ),
}


# Objects by the rows that speak of them, and how the finding that must come of it begins.
OBJECTS = {
    "journal.message": ("object_key", "object: message"),
    "journal.chunk": ("object_key", "upload: upload"),
    "core.attachment": ("object_key", "object: attachment"),
    "journal.message where state = 'formed'": ("object_key", "object: message"),
    "journal.parcel where message_key is null": ("object_key", "parcel: delivery"),
    "journal.message where manifest_key is not null": ("manifest_key", "manifest: message"),
}
