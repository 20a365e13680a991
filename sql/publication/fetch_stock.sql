-- A quantity that is not told any more is told as 0: a site keeps what it is not told of.
with quantities as (
    select offer.id as offer_id, place.id as warehouse_id, stock.quantity
    from carried_offer as carried
    join core.offer on offer.partner_key = :source_key and offer.id = carried.id
    join core.stock on stock.offer_key = offer.offer_key and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
    left join core.warehouse as place using (warehouse_key)
    join projection on projection.dataset = 'stock'
        and projection.key = core.key_part(offer.id) || '|' || coalesce(core.key_part(place.id), '')
    where place.id is not null or cardinality(cast(:warehouses as text[])) = 0
), gone as (
    select delta.of_key as offer_id, place.id as warehouse_id
    from delta
    join projection as offer on offer.dataset = 'offers' and offer.key = delta.of_key
    left join core.warehouse as place on place.partner_key = :source_key
        and delta.key = core.key_part(delta.of_key) || '|' || core.key_part(place.id)
    where delta.dataset = 'stock' and delta.effect = 'delete'
)
select offer_id, warehouse_id, quantity, null::jsonb as extra from quantities
union all
select offer_id, null, sum(quantity), null from quantities
where cardinality(cast(:warehouses as text[])) > 0
group by offer_id
union all
select offer_id, warehouse_id, 0, null from gone
order by 1, 2 nulls first
