-- For a partner whose file uses price types that it declares nowhere (a term of the partner).
insert into core.price_type (partner_key, id, currency, digest, message_key)
select :partner_key, price_type_id, min(currency), '00000000-0000-0000-0000-000000000000'::uuid, :message_key
from staging.prices
where message_key = :message_key and cause is null and price_type_id is not null
group by price_type_id
on conflict (partner_key, id) do nothing
