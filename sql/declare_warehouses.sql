-- For a partner whose file uses warehouses that it declares nowhere (a term of the partner).
insert into core.warehouse (partner_key, id, digest, message_key)
select distinct :partner_key, warehouse_id, '00000000-0000-0000-0000-000000000000'::uuid, :message_key
from staging.stock
where message_key = :message_key and cause is null and warehouse_id is not null
union
select :partner_key, warehouse_id, '00000000-0000-0000-0000-000000000000'::uuid, :message_key
from staging.movements
where message_key = :message_key and cause is null
on conflict (partner_key, id) do nothing
