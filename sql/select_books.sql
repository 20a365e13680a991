-- The double entry of each dataset, counted from the rows themselves.
with changed as (
    select 'offers' as dataset, count(*) as rows from staging.changed_offers where message_key = :message_key
    union all
    select 'prices', count(*) from staging.changed_prices where message_key = :message_key
    union all
    select 'stock', count(*) from staging.changed_stock where message_key = :message_key
), counted as (
    select dataset, count(*) as received, count(*) filter (where exit = 'accepted') as accepted,
           count(*) filter (where exit = 'refused') as refused
    from staging.record
    where message_key = :message_key
    group by dataset
)
select dataset, received, accepted + coalesce(rows, 0) as accepted,
       received - accepted - coalesce(rows, 0) - refused as unchanged, refused
from counted
left join changed using (dataset)
order by dataset
