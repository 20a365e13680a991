-- All offers of which a message tells that was not read by slices.
insert into journal.stale_slice (partner_key, exchange, stream, key)
select baseline.partner_key, baseline.exchange, baseline.stream, told.key
from journal.baseline
cross join (
    select key from staging.offers where message_key = :message_key
    union select offer_id from staging.prices where message_key = :message_key
    union select offer_id from staging.stock where message_key = :message_key
) as told (key)
where baseline.partner_key = :partner_key and baseline.exchange = :exchange and told.key is not null
-- An update waits for whoever is about to forget it; then it is said anew.
on conflict (partner_key, exchange, stream, key) do update set key = excluded.key
