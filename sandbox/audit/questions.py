"""What the auditor asks the warehouse. The two clocks come as seconds: some never end."""

MESSAGES = """
    select message.*, partner.name as partner,
           extract(epoch from now() - message.received_at)::float8 as age_s
    from journal.message join journal.partner using (partner_key) order by message_key
"""
BOOKS = "select * from journal.books order by message_key, dataset"
REFUSALS = "select * from journal.refusal order by refusal_key"
UPLOADS = """
    select upload.*, extract(epoch from now() - touched_at)::float8 as age_s
    from journal.upload order by upload_key
"""
ACKNOWLEDGED = """
    select session_key, file_name, body_bytes from journal.knock
    where mode = 'file' and answer = 'success' and body_bytes > 0 order by knock_key
"""
CHUNKS = "select * from journal.chunk order by upload_key, chunk_no"
DELIVERIES = "select * from journal.delivery order by delivery_key"
CHECKPOINTS = "select * from journal.checkpoint"
LEASES = "select * from journal.lease"
STAGED = """
    select c.relname as name, substring(c.relname from '[0-9]+$')::bigint as message_key
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'staging' and c.relispartition
    union all
    select 'reading', message_key from staging.reading
"""
DELETION_LISTS = "select * from journal.deletion_list order by list_key"
DELETIONS = "select * from journal.deletion order by list_key, dataset, key"
PARCELS = "select * from journal.parcel order by delivery_key, position"
ATTEMPTS = "select * from journal.attempt order by delivery_key, attempt_no"
CARRIED = """
    select delivery_key, dataset, key, effect, message_key, digest::text as digest
    from journal.carried order by delivery_key, dataset, key
"""
SHOWN = """
    select partner_key, dataset, key, planned_in, acked_in,
           planned_digest::text as planned_digest, acked_digest::text as acked_digest
    from journal.shown order by partner_key, dataset, key
"""
NOTICES = "select * from journal.notice order by notice_key"
PARTNERS = "select * from journal.partner order by partner_key"
ATTACHMENTS = "select * from core.attachment"
NAMED = {
    "groups": "select *, digest::text as digest from core.product_group",
    "properties": "select *, digest::text as digest from core.property",
    "categories": "select *, digest::text as digest from core.category",
    "units": "select *, digest::text as digest from core.unit",
    "price_types": "select *, digest::text as digest from core.price_type",
    "warehouses": "select *, digest::text as digest from core.warehouse",
    "goods": "select *, digest::text as digest from core.product",
    "offers": """
        select offer.*, offer.digest::text as digest, product.id as product_id
        from core.offer left join core.product using (product_key)
    """,
}
PRICES = """
    select offer.partner_key, offer.id as offer_id, price_type.id as price_type_id,
           price.offer_key, price.price_type_key,
           price.unit, price.min_qty, price.amount, price.currency, price.digest::text as digest,
           price.message_key,
           extract(epoch from valid_from) as valid_from, extract(epoch from valid_to) as valid_to,
           extract(epoch from recorded_from) as recorded_from,
           extract(epoch from recorded_to) as recorded_to
    from core.price
    left join core.offer using (offer_key)
    left join core.price_type using (price_type_key)
"""
MOVEMENTS = """
    select offer.partner_key, offer.id as offer_id, warehouse.id as warehouse_id,
           movement.movement_key, movement.kind, movement.document, movement.line,
           movement.quantity, movement.moved_at,
           movement.message_key
    from core.stock_movement as movement
    left join core.offer using (offer_key)
    left join core.warehouse using (warehouse_key)
    where movement.recorded_to = 'infinity'
"""
BALANCES = "select * from core.stock_balance"
MISMATCHES = "select * from core.stock_mismatch"
STOCK = """
    select offer.partner_key, offer.id as offer_id, warehouse.id as warehouse_id,
           stock.offer_key, stock.warehouse_key, stock.quantity, stock.message_key,
           extract(epoch from valid_from) as valid_from, extract(epoch from valid_to) as valid_to,
           extract(epoch from recorded_from) as recorded_from,
           extract(epoch from recorded_to) as recorded_to
    from core.stock
    left join core.offer using (offer_key)
    left join core.warehouse using (warehouse_key)
"""
