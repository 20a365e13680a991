update journal.notice set settled_at = now(), delivery_key = :delivery_key
where notice_key = any(cast(:notice_keys as bigint[])) and settled_at is null
