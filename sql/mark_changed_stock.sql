-- The delta: quantities that differ from what holds at their time get their surrogate keys. Warehouse 0 is the total over all.
with keyed as materialized (
    select staged.record_no, staged.quantity, offer.offer_key, coalesce(warehouse.warehouse_key, 0) as warehouse_key
    from staging.stock as staged
    join core.offer on offer.partner_key = :partner_key and offer.id = staged.offer_id
    left join core.warehouse on warehouse.partner_key = :partner_key and warehouse.id = staged.warehouse_id
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
), changed as (
    select keyed.record_no, keyed.offer_key, keyed.warehouse_key
    from keyed
    left join core.stock as held
        on held.offer_key = keyed.offer_key and held.warehouse_key = keyed.warehouse_key
        and held.valid_from <= :valid_from and held.valid_to > :valid_from and held.recorded_to = 'infinity'
    where held.quantity is distinct from keyed.quantity
)
update staging.stock as staged
set exit = 'accepted', offer_key = changed.offer_key, warehouse_key = changed.warehouse_key
from changed
where staged.message_key = :message_key and staged.record_no = changed.record_no
