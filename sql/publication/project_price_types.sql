insert into projection (dataset, key, digest)
select 'price_types', id, md5((to_jsonb(held) - cast(:never as text[]))::text)::uuid
from core.price_type as held
where partner_key = :source_key and withdrawn_at is null and not coalesce(is_deleted, false)
  and (id = any(cast(:price_types as text[])) or cardinality(cast(:price_types as text[])) = 0)
