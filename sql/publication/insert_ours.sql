-- What the portal is to show now. Where it acknowledged something else or nothing yet, or has only just put it into its
-- own queue, a difference is lag.
insert into ours (dataset, key, field, value, is_lag, is_promised)
with queued as (
    select delivery_key from journal.delivery
    where partner_key = :portal_key and ended_at > now() - make_interval(secs => :queued_s)
), held as (
    select projection.dataset, projection.key, projection.of_key,
           shown.acked_digest is distinct from projection.digest or queued.delivery_key is not null as is_lag,
           shown.acked_digest is not null and queued.delivery_key is null as is_promised
    from projection
    left join journal.shown on shown.partner_key = :portal_key and shown.dataset = projection.dataset
        and shown.key = projection.key
    left join queued on queued.delivery_key = shown.acked_in
    where projection.dataset in ('groups', 'goods', 'offers', 'prices', 'stock')
)
select dataset, key, '', null, is_lag, is_promised from held
union all
select 'groups', id, 'name', name, is_lag, is_promised from held join chosen_group on held.key = chosen_group.id where dataset = 'groups'
union all
select 'goods', product.id, field.name, field.value, is_lag, is_promised
from held
join chosen_product as chosen on chosen.id = held.key
join core.product using (product_key)
cross join lateral (values ('name', product.name), ('article', case when cast(:has_article as boolean) then product.article end))
    as field (name, value)
where dataset = 'goods'
union all
select 'prices', held.key, 'amount', trim_scale(price.amount)::text, is_lag, is_promised
from held
join core.offer on offer.partner_key = :source_key and offer.id = held.of_key
join core.price on price.offer_key = offer.offer_key and price.valid_to = 'infinity' and price.recorded_to = 'infinity'
join core.price_type as type using (price_type_key)
where dataset = 'prices'
  and held.key = core.key_part(offer.id) || '|' || core.key_part(type.id) || '|' || core.key_part(price.unit) || '|'
        || coalesce(nullif(price.min_qty, 0)::text, '')
union all
select 'prices', held.key, 'amount', trim_scale(price.amount)::text, is_lag, is_promised
from held
join reckoned_price as price on price.key = held.key
where dataset = 'prices'
union all
select 'stock', held.key, 'quantity', trim_scale(stock.quantity)::text, is_lag, is_promised
from held
join core.offer on offer.partner_key = :source_key and offer.id = held.of_key
join core.stock on stock.offer_key = offer.offer_key and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
left join core.warehouse as place using (warehouse_key)
where dataset = 'stock' and held.key = core.key_part(offer.id) || '|' || coalesce(core.key_part(place.id), '')
  and (place.id is not null or cardinality(cast(:warehouses as text[])) = 0)
union all
select 'stock', held.key, 'quantity', trim_scale(sum(stock.quantity))::text, bool_or(is_lag), bool_and(is_promised)
from held
join core.offer on offer.partner_key = :source_key and offer.id = held.of_key
join core.stock on stock.offer_key = offer.offer_key and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
join core.warehouse as place using (warehouse_key)
join projection as chosen on chosen.dataset = 'warehouses' and chosen.key = place.id
where held.dataset = 'stock' and held.key = core.key_part(offer.id) || '|'
  and cardinality(cast(:warehouses as text[])) > 0
group by held.key
