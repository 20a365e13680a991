-- Of chosen warehouses the total is their sum: what lies elsewhere is none of this portal's business.
with quantities as (
    select offer.key as offer_id, coalesce(warehouse.key, '') as warehouse_id, stock.quantity
    from projection as offer
    join core.offer as held on held.partner_key = :source_key and held.id = offer.key
    join core.stock on stock.offer_key = held.offer_key and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
    left join core.warehouse as place using (warehouse_key)
    left join projection as warehouse on warehouse.dataset = 'warehouses' and warehouse.key = place.id
    where offer.dataset = 'offers'
      and (warehouse.key is not null
           or stock.warehouse_key = 0 and cardinality(cast(:warehouses as text[])) = 0)
), told as (
    select offer_id, warehouse_id, quantity from quantities
    union all
    select offer_id, '', sum(quantity) from quantities
    where cardinality(cast(:warehouses as text[])) > 0
    group by offer_id
)
insert into projection (dataset, key, of_key, digest)
select 'stock', core.key_part(offer_id) || '|' || core.key_part(warehouse_id), offer_id, md5(trim_scale(quantity)::text)::uuid
from told
