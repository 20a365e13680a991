select id from core.price_type
where partner_key = :source_key and withdrawn_at is null and not coalesce(is_deleted, false)
