-- Movements are only added: one that is told anew with other content is closed on the clock of recording, and the new
-- one stands beside it. A moment without a zone is the sender's time.
with delta as materialized (
    select staged.record_no, staged.kind, staged.document, coalesce(staged.line, '') as line, staged.quantity, staged.digest,
           offer.offer_key, warehouse.warehouse_key, held.movement_key,
           case when staged.moved_at ~ '(Z|[+-]\d\d.\d\d)$' then cast(staged.moved_at as timestamptz)
           else cast(staged.moved_at as timestamp) at time zone partner.time_zone end as moved_at
    from staging.movements as staged
    join journal.partner on partner.partner_key = :partner_key
    join core.offer on offer.partner_key = :partner_key and offer.id = staged.offer_id
    join core.warehouse on warehouse.partner_key = :partner_key and warehouse.id = staged.warehouse_id
    left join core.stock_movement as held
        on held.offer_key = offer.offer_key and held.warehouse_key = warehouse.warehouse_key and held.kind = staged.kind
        and held.document = staged.document and held.line = coalesce(staged.line, '') and held.recorded_to = 'infinity'
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
      and held.digest is distinct from staged.digest
), closed as (
    update core.stock_movement as held set recorded_to = :recorded_at
    from delta
    where held.movement_key = delta.movement_key
    returning held.movement_key
), written as (
    insert into core.stock_movement (
        offer_key, warehouse_key, kind, document, line, quantity, moved_at, digest, message_key, recorded_from
    )
    select offer_key, warehouse_key, kind, document, line, quantity, moved_at, digest, :message_key, :recorded_at
    from delta
    where (select count(*) from closed) >= 0  -- the old one must be closed before the new one is there
    order by offer_key, warehouse_key, moved_at
)
update staging.movements as staged set exit = 'accepted'
from delta
where staged.message_key = :message_key and staged.record_no = delta.record_no
