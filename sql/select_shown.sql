-- The newest acknowledged file in which a portal was told of a record, and whose catalog it is.
select carried.dataset, carried.key, carried.effect, delivery.delivery_key, delivery.ended_at, message.message_key,
       message.file_name, message.object_key, message.sha256, message.manifest_key, message.dialect,
       message.heading ->> 'encoding' as encoding, source.partner_key as source_key, source.name as source,
       case carried.dataset when 'prices' then message.rules ->> 'reckoning' end as reckoning
from journal.partner as portal
join journal.delivery using (partner_key)
join journal.carried using (delivery_key)
join journal.message on message.message_key = carried.message_key
join journal.partner as source on source.name = message.rules -> 'portal' -> 'selection' ->> 'source'
where portal.name = :portal and carried.dataset = :dataset
  and (carried.key = :key or starts_with(carried.key, :key || '|') or starts_with(carried.key, core.key_part(:key) || '|'))
  and (delivery.state = 'delivered' or resolved_as = 'delivered')
order by carried.key <> :key, delivery.delivery_key desc
limit 1
