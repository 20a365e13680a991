insert into projection (dataset, key, digest)
select 'categories', id, md5((to_jsonb(held) - cast(:never as text[]))::text)::uuid
from core.category as held
where partner_key = :source_key and withdrawn_at is null and not coalesce(is_deleted, false)
