insert into core.stock (offer_key, warehouse_key, quantity, message_key, valid_from, valid_to, recorded_from)
select offer_key, warehouse_key, quantity, :message_key, :valid_from, coalesce(ends_at, 'infinity'), :recorded_at
from staging.changed_stock
where message_key = :message_key
order by offer_key, warehouse_key
