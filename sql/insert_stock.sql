insert into core.stock (offer_key, warehouse_key, quantity, message_key, valid_from, recorded_from)
select
    offer.offer_key, coalesce(warehouse.warehouse_key, 0), staged.quantity, :message_key, :valid_from, :recorded_at
from staging.stock as staged
join core.offer on offer.partner_key = :partner_key and offer.id = staged.offer_id
left join core.warehouse on warehouse.partner_key = :partner_key and warehouse.id = staged.warehouse_id
where staged.message_key = :message_key and staged.exit = 'accepted'
order by offer.offer_key
