select message_key, message_uuid, partner.name as partner, message.partner_key, exchange, dialect, sha256, size,
       object_key, file_name, sender_counters, heading, manifest_key, received_at, message.state, origin, parent_key
from journal.message
join journal.partner using (partner_key)
where message_key = :message_key
