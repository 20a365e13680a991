select notice_key, message_key from journal.notice
where partner_key = :portal_key and settled_at is null
order by notice_key
