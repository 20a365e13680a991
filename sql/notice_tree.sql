-- A portal's tree changed: it must hear of its source again, as of the last message that was taken.
insert into journal.notice (partner_key, message_key)
select :partner_key, max(message.message_key)
from journal.message
where message.partner_key = :source_key and message.direction = 'in' and message.state = 'closed'
having max(message.message_key) is not null
on conflict (partner_key, message_key) do update set settled_at = null, made_at = now()
