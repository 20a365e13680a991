-- An offer whose price or quantity alone changed goes whole, with all its prices and quantities. One that stands for
-- its product has no name of its own; without one a site takes it for figures of an offer that it never saw.
select offer.id, product.id as product_id, offer.characteristic_id, null::text as catalog_id,
       coalesce(offer.name, product.name) as name, offer.article,
       offer.barcode, offer.unit_code, offer.unit_name, offer.packages, offer.characteristics, offer.properties,
       offer.requisites, false as is_bare, null::boolean as is_deleted, null::text as version, offer.extra
from carried_offer as carried
join projection on projection.dataset = 'offers' and projection.key = carried.id
join core.offer on offer.partner_key = :source_key and offer.id = carried.id
join core.product using (product_key)
union all
select delta.key, product.id, offer.characteristic_id, null, coalesce(offer.name, product.name), null,
       null, null, null, null, null, null,
       null, false, true, null, null
from delta
left join core.offer on offer.partner_key = :source_key and offer.id = delta.key
left join core.product using (product_key)
where delta.dataset = 'offers' and delta.effect = 'delete'
order by 1
