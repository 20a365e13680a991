update core.price_stop set closed_at = now()
where partner_key = :portal_key and closed_at is null and not currency = any(cast(:currencies as text[]))
