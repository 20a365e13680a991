-- Goods that would go, each with its offers. An offer that no file tells by itself has nothing that could bring it
-- back: it is out of sight with its product.
select 'goods' as dataset, id as key, name, replace(digest::text, '-', '') as digest
from core.product
where partner_key = :partner_key and id = any(cast(:keys as text[]))
union all
select 'offers', offer.id, offer.name, replace(offer.digest::text, '-', '')
from core.offer
join core.product using (product_key)
where product.partner_key = :partner_key and product.id = any(cast(:keys as text[]))
  and offer.withdrawn_at is null and offer.name is not null
