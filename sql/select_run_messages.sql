-- The messages of a run as people read of them; a member of an archive came in its archive's session.
select message.message_key, partner.name as partner, coalesce(message.session_key, parent.session_key) as session_key
from journal.message
join journal.partner using (partner_key)
left join journal.message as parent on parent.message_key = message.parent_key and message.origin = 'member'
where message.message_key = any(cast(:message_keys as bigint[]))
order by message.message_key
