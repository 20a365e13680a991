-- The double entry of each dataset, counted from the rows themselves.
select
    dataset,
    count(*) as received,
    count(*) filter (where exit = 'accepted') as accepted,
    count(*) filter (where exit = 'unchanged') as unchanged,
    count(*) filter (where exit = 'refused') as refused
from staging.record
where message_key = :message_key
group by dataset
order by dataset
