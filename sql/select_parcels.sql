select name, object_key, sha256, size, parcel.message_key, (delivery.body ->> 'number')::bigint as number
from journal.parcel
join journal.delivery using (delivery_key)
where delivery_key = :delivery_key
order by position
