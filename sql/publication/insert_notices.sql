-- Whoever sees this source's catalog must hear of the message.
insert into journal.notice (partner_key, message_key)
select portal.partner_key, :message_key
from journal.partner as portal
join journal.partner as source on source.partner_key = :partner_key
where portal.settings -> 'publication' ->> 'source' = source.name
  and portal.state in ('active', 'paused')
on conflict (partner_key, message_key) do nothing
