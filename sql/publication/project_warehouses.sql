insert into projection (dataset, key, digest)
select 'warehouses', id, md5((to_jsonb(held) - cast(:never as text[]))::text)::uuid
from core.warehouse as held
where partner_key = :source_key and withdrawn_at is null and not coalesce(is_deleted, false)
  and (id = any(cast(:warehouses as text[])) or cardinality(cast(:warehouses as text[])) = 0)
