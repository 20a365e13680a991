-- Per kind: what the portal is to see, what changes, and what it holds now.
select coalesce(seen.dataset, held.dataset, changed.dataset) as dataset,
       coalesce(seen.records, 0) as selected, coalesce(held.records, 0) as held,
       coalesce(changed.creates, 0) as creates, coalesce(changed.updates, 0) as updates,
       coalesce(changed.deletes, 0) as deletes
from (select dataset, count(*) as records from projection group by dataset) as seen
full join (
    select dataset, count(*) as records from journal.shown
    where partner_key = :portal_key and planned_digest is not null group by dataset
) as held on held.dataset = seen.dataset
full join (
    select dataset, count(*) filter (where effect = 'create') as creates,
           count(*) filter (where effect = 'update') as updates,
           count(*) filter (where effect = 'delete') as deletes
    from delta group by dataset
) as changed on changed.dataset = coalesce(seen.dataset, held.dataset)
order by 1
