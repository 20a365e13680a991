insert into projection (dataset, key, of_key, digest)
select 'offers', offer.id, offer.id,
       md5((to_jsonb(offer) - cast(:never as text[]))::text || chosen.id
           || case when offer.name is null then coalesce(product.name, '') else '' end)::uuid
from chosen_product as chosen
join core.product using (product_key)
join core.offer using (product_key)
where offer.withdrawn_at is null and not coalesce(offer.is_deleted, false)
