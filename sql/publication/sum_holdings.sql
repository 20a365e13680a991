-- Both sides by kind: how many records, the sum of amounts or quantities, and a hash over all of it.
select coalesce(mine.dataset, yours.dataset) as dataset, coalesce(mine.records, 0) as our_records,
       coalesce(yours.records, 0) as their_records, mine.total as our_total, yours.total as their_total,
       coalesce(mine.hash, '') as our_hash, coalesce(yours.hash, '') as their_hash
from (
    select dataset, count(*) filter (where field = '') as records,
           sum(case when field in ('amount', 'quantity') then value::numeric end)::text as total,
           md5(string_agg(key || chr(31) || field || chr(31) || coalesce(value, ''), chr(30) order by key, field)
               filter (where field = '' or value is not null)) as hash
    from ours group by dataset
) as mine
full join (
    select dataset, count(*) filter (where field = '') as records,
           sum(case when field in ('amount', 'quantity') then value::numeric end)::text as total,
           md5(string_agg(theirs.key || chr(31) || theirs.field || chr(31) || coalesce(theirs.value, ''), chr(30)
               order by theirs.key, theirs.field)
               filter (where theirs.field = '' or theirs.value is not null)) as hash
    from theirs group by dataset
) as yours on yours.dataset = mine.dataset
order by 1
