insert into projection (dataset, key, digest)
select 'price_types', id, md5((to_jsonb(held) - cast(:never as text[]))::text)::uuid
from core.price_type as held
where cast(:pricing as text) = 'base' and partner_key = :source_key and withdrawn_at is null and not coalesce(is_deleted, false)
  and (id = any(cast(:price_types as text[])) or cardinality(cast(:price_types as text[])) = 0)
union all
select 'price_types', :own_price_type,
       md5(jsonb_build_array(type.name, type.currency, type.tax_name, type.is_tax_included)::text)::uuid
from core.own_price_type() as type
where cast(:pricing as text) = 'policy'
