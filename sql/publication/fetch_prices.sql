-- A price without a ratio is one of the offer's own unit: some sites want that said.
select offer.id as offer_id, type.id as price_type_id, price.amount, price.currency, nullif(price.unit, '') as unit,
       coalesce(price.coefficient, 1) as coefficient, nullif(price.min_qty, 0) as min_qty, price.presentation,
       price.tax_name, price.is_tax_included, price.extra
from carried_offer as carried
join core.offer on offer.partner_key = :source_key and offer.id = carried.id
join core.price on price.offer_key = offer.offer_key and price.valid_to = 'infinity' and price.recorded_to = 'infinity'
join core.price_type as type using (price_type_key)
join projection on projection.dataset = 'prices'
    and projection.key = core.key_part(offer.id) || '|' || core.key_part(type.id) || '|' || core.key_part(price.unit) || '|'
        || coalesce(nullif(price.min_qty, 0)::text, '')
union all
select price.offer_id, :own_price_type, trim_scale(price.amount), price.currency, nullif(price.unit, ''),
       coalesce(price.coefficient, 1), nullif(price.min_qty, 0), null, price.tax_name, price.is_tax_included, null
from carried_offer as carried
join reckoned_price as price on price.offer_id = carried.id
order by 1, 2, 5, 7
