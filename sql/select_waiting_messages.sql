-- What came in an archive is taken in the archive's turn, not after all that was filed before it was opened.
select
    message.message_key, message_uuid, message.partner_key, partner.name as partner, exchange, file_name, object_key,
    sha256, size, received_at, origin, parent_key, session_key, replays, sender_counters
from journal.message
join journal.partner using (partner_key)
where message.partner_key = :partner_key and exchange = :exchange and message.state = 'received'
order by case origin when 'member' then parent_key else message_key end, message_key
limit 1
