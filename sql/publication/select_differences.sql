-- Where both sides differ: by lag, as long as the portal has not taken up our latest word, or in truth. What it took up
-- in any form must be there.
with mine as (
    select distinct dataset, key, is_lag, is_promised from ours where field = ''
), yours as (
    select distinct dataset, key from theirs where field = ''
), told as (
    select ours.dataset, ours.key, ours.field, ours.value, ours.is_lag, theirs.value as their_value
    from ours
    join yours on yours.dataset = ours.dataset and yours.key = ours.key
    left join theirs on theirs.dataset = ours.dataset and theirs.key = ours.key and theirs.field = ours.field
    where ours.field not in ('', 'gone') and ours.value is not null
), strange as (
    select yours.dataset, yours.key,
           exists (
               select from journal.shown
               where partner_key = :portal_key and shown.dataset = yours.dataset and shown.key = yours.key
                 and (planned_digest is not null or acked_digest is not null)
           ) as is_lag
    from yours
    where cast(:is_whole as boolean)
      and not exists (select from mine where mine.dataset = yours.dataset and mine.key = yours.key)
)
select dataset, key,
       case when is_lag and not is_promised then 'lag' else 'missing_at_target' end as kind,
       '' as field, null::text as ours, null::text as theirs
from mine
where not exists (select from yours where yours.dataset = mine.dataset and yours.key = mine.key)
union all
select dataset, key, case when is_lag then 'lag' else 'unknown_at_target' end,
       case when is_lag then 'gone' else '' end, null, null
from strange
union all
select ours.dataset, ours.key, 'unknown_at_target', '', null, null
from ours
join yours on yours.dataset = ours.dataset and yours.key = ours.key
where ours.field = 'gone'
union all
select dataset, key, case when is_lag then 'lag' else 'different' end, field, value, their_value
from told
where value is distinct from their_value
order by 1, 2, 3, 4
