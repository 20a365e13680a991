insert into journal.shown as held (partner_key, dataset, key, of_key, planned_digest, planned_in)
select :portal_key, dataset, key, of_key, digest, delivery_key
from journal.carried
where delivery_key = :delivery_key
on conflict (partner_key, dataset, key) do update
set planned_digest = excluded.planned_digest, planned_in = excluded.planned_in, of_key = excluded.of_key
