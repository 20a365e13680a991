-- The sender's other streams must read these offers again.
insert into journal.stale_slice (partner_key, exchange, stream, key)
select baseline.partner_key, baseline.exchange, baseline.stream, told.key
from journal.baseline
cross join unnest(cast(:keys as text[])) as told (key)
where baseline.partner_key = :partner_key and baseline.exchange = :exchange
  and baseline.stream is distinct from :stream
-- An update waits for whoever is about to forget it; then it is said anew.
on conflict (partner_key, exchange, stream, key) do update set key = excluded.key
