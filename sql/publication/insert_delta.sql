-- What the portal will hold once all its packages have arrived, against what it is to be shown.
insert into delta (dataset, key, of_key, effect, digest, before)
select coalesce(now.dataset, was.dataset), coalesce(now.key, was.key), coalesce(now.of_key, was.of_key),
       case when was.key is null then 'create' when now.key is null then 'delete' else 'update' end,
       now.digest, was.planned_digest
from projection as now
full join (
    select dataset, key, of_key, planned_digest
    from journal.shown
    where partner_key = :portal_key and planned_digest is not null
) as was on was.dataset = now.dataset and was.key = now.key
where now.digest is distinct from was.planned_digest
   or cast(:is_full as boolean) and now.key is not null
