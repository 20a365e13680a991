-- What portals with computed prices pay may have changed: they must hear of their source again, as of the last message
-- that was taken. Null keys mean all sources, all portals.
insert into journal.notice (partner_key, message_key)
select portal.partner_key, max(message.message_key)
from journal.partner as portal
join journal.partner as source on source.name = portal.settings -> 'publication' ->> 'source'
join journal.message on message.partner_key = source.partner_key
where portal.settings -> 'publication' ->> 'pricing' = 'policy' and portal.state in ('active', 'paused')
  and source.partner_key = coalesce(cast(:source_key as integer), source.partner_key)
  and portal.partner_key = coalesce(cast(:portal_key as integer), portal.partner_key)
  and message.direction = 'in' and message.state = 'closed'
group by portal.partner_key
on conflict (partner_key, message_key) do update set settled_at = null, made_at = now()
