-- What the portal acknowledged and what is still so; what changed since is lag, not a difference.
insert into ours (dataset, key, field, value)
with held as (
    select projection.dataset, projection.key, projection.of_key
    from projection
    join journal.shown on shown.partner_key = :portal_key and shown.dataset = projection.dataset
        and shown.key = projection.key and shown.acked_digest = projection.digest
)
select dataset, key, '', null from held where dataset in ('groups', 'goods', 'offers', 'prices', 'stock')
union all
select 'groups', id, 'name', name from held join chosen_group on held.key = chosen_group.id where dataset = 'groups'
union all
select 'goods', product.id, field.name, field.value
from held
join chosen_product as chosen on chosen.id = held.key
join core.product using (product_key)
cross join lateral (values ('name', product.name), ('article', case when cast(:has_article as boolean) then product.article end))
    as field (name, value)
where dataset = 'goods'
union all
select 'prices', held.key, 'amount', trim_scale(price.amount)::text
from held
join core.offer on offer.partner_key = :source_key and offer.id = held.of_key
join core.price on price.offer_key = offer.offer_key and price.valid_to = 'infinity' and price.recorded_to = 'infinity'
join core.price_type as type using (price_type_key)
where dataset = 'prices'
  and held.key = core.key_part(offer.id) || '|' || core.key_part(type.id) || '|' || core.key_part(price.unit) || '|'
        || coalesce(nullif(price.min_qty, 0)::text, '')
union all
select 'stock', held.key, 'quantity', trim_scale(stock.quantity)::text
from held
join core.offer on offer.partner_key = :source_key and offer.id = held.of_key
join core.stock on stock.offer_key = offer.offer_key and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
left join core.warehouse as place using (warehouse_key)
where dataset = 'stock' and held.key = core.key_part(offer.id) || '|' || coalesce(core.key_part(place.id), '')
  and (place.id is not null or cardinality(cast(:warehouses as text[])) = 0)
union all
select 'stock', held.key, 'quantity', trim_scale(sum(stock.quantity))::text
from held
join core.offer on offer.partner_key = :source_key and offer.id = held.of_key
join core.stock on stock.offer_key = offer.offer_key and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
join core.warehouse as place using (warehouse_key)
join projection as chosen on chosen.dataset = 'warehouses' and chosen.key = place.id
where held.dataset = 'stock' and held.key = core.key_part(offer.id) || '|'
  and cardinality(cast(:warehouses as text[])) > 0
group by held.key
