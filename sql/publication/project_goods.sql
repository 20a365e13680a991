-- A field that this portal does not get makes no change for it.
insert into projection (dataset, key, digest)
select 'goods', chosen.id, md5((to_jsonb(product) - cast(:never as text[]) - 'group_ids')::text || chosen.group_ids)::uuid
from chosen_product as chosen
join core.product using (product_key)
