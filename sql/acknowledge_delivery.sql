-- A later package that was heard of first keeps the last word.
insert into journal.shown as held (partner_key, dataset, key, of_key, planned_digest, planned_in, acked_digest, acked_in)
select delivery.partner_key, dataset, key, of_key, digest, delivery_key, digest, delivery_key
from journal.carried
join journal.delivery using (delivery_key)
where delivery_key = :delivery_key
on conflict (partner_key, dataset, key) do update
set acked_digest = excluded.acked_digest, acked_in = excluded.acked_in
where held.acked_in is null or held.acked_in < excluded.acked_in
