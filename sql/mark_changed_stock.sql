-- The delta: quantities that differ from what holds at their time. Warehouse 0 is the total over all.
with keyed as materialized (
    select staged.record_no, staged.quantity, staged.ends_at, offer.offer_key,
           coalesce(warehouse.warehouse_key, 0) as warehouse_key
    from staging.stock as staged
    join core.offer on offer.partner_key = :partner_key and offer.id = staged.offer_id
    left join core.warehouse on warehouse.partner_key = :partner_key and warehouse.id = staged.warehouse_id
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
)
insert into staging.changed_stock (message_key, record_no, offer_key, warehouse_key, quantity, ends_at)
select :message_key, keyed.record_no, keyed.offer_key, keyed.warehouse_key, keyed.quantity, keyed.ends_at
from keyed
left join core.stock as held
    on held.offer_key = keyed.offer_key and held.warehouse_key = keyed.warehouse_key
    and held.valid_from <= :valid_from and held.valid_to > :valid_from and held.recorded_to = 'infinity'
where held.quantity is distinct from keyed.quantity
