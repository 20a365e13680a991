select message_key, partner.name as portal, file_name, sha256, size, object_key, formed_at, rules
from journal.message
join journal.partner using (partner_key)
where message_key = :message_key and message.state = 'formed'
