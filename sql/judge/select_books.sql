-- How many records of each dataset were received and refused so far, with those that the reader refused before or
-- passed over because they are known.
-- A reference to a record that has not come yet, or a dataset this exchange does not take, is no damage of the file.
with staged as (
    select 'groups' as dataset, cause from staging.groups where message_key = :message
    union all
    select 'properties' as dataset, cause from staging.properties where message_key = :message
    union all
    select 'categories' as dataset, cause from staging.categories where message_key = :message
    union all
    select 'units' as dataset, cause from staging.units where message_key = :message
    union all
    select 'price_types' as dataset, cause from staging.price_types where message_key = :message
    union all
    select 'warehouses' as dataset, cause from staging.warehouses where message_key = :message
    union all
    select 'goods' as dataset, cause from staging.goods where message_key = :message
    union all
    select 'offers' as dataset, cause from staging.offers where message_key = :message
    union all
    select 'prices' as dataset, cause from staging.prices where message_key = :message
    union all
    select 'stock' as dataset, cause from staging.stock where message_key = :message
    union all
    select 'movements' as dataset, cause from staging.movements where message_key = :message
    union all
    select 'counterparties' as dataset, cause from staging.counterparties where message_key = :message
    union all
    select 'documents' as dataset, cause from staging.documents where message_key = :message
), counted as (
    select dataset, count(*) as received, count(*) filter (where cause is null) as open,
           count(*) filter (where cause <> 'REF_MISSING') as refused
    from staged
    where cause is distinct from 'DATASET_NOT_TAKEN'
    group by dataset
    union all
    select key, value::bigint, 0, value::bigint
    from jsonb_each_text(cast(:refused_before as jsonb))
    union all
    select key, value::bigint, 0, 0
    from jsonb_each_text(cast(:passed_over as jsonb))
), summed as (
    select dataset, coalesce(sum(received), 0)::bigint as received, coalesce(sum(open), 0)::bigint as open,
           coalesce(sum(refused), 0)::bigint as refused
    from unnest(staging.datasets()) as dataset
    left join counted using (dataset)
    where dataset <> 'faults'
    group by dataset
)
select row_number() over (order by dataset) as record_no, dataset as key, null::text as cause,
       received, open, refused, refused::double precision / nullif(received, 0) as refused_share,
       refused <= cast(:few_refused as bigint) as is_few
from summed
