insert into projection (dataset, key, of_key, digest)
select 'prices',
       core.key_part(offer.key) || '|' || core.key_part(price_type.key) || '|' || core.key_part(price.unit) || '|'
           || coalesce(nullif(price.min_qty, 0)::text, ''),
       offer.key, price.digest
from projection as offer
join core.offer as held on held.partner_key = :source_key and held.id = offer.key
join core.price on price.offer_key = held.offer_key and price.valid_to = 'infinity' and price.recorded_to = 'infinity'
join core.price_type as type using (price_type_key)
join projection as price_type on price_type.dataset = 'price_types' and price_type.key = type.id
where offer.dataset = 'offers' and cast(:pricing as text) = 'base'
union all
select 'prices', key, offer_id,
       md5(jsonb_build_array(trim_scale(amount), currency, unit, coefficient, tax_name, is_tax_included)::text)::uuid
from reckoned_price
