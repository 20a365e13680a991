-- What a list withdrew is told again by its next telling, be it by the same bytes.
insert into journal.stale_slice (partner_key, exchange, stream, key)
select baseline.partner_key, baseline.exchange, baseline.stream, told.key
from journal.baseline
cross join (
    select distinct case dataset when 'stock' then core.key_head(key) else key end as key
    from journal.deletion
    where list_key = :list_key and dataset in ('goods', 'offers', 'stock')
) as told
where baseline.partner_key = :partner_key
-- An update waits for whoever is about to forget it; then it is said anew.
on conflict (partner_key, exchange, stream, key) do update set key = excluded.key
