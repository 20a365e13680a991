-- Every delivery that told a portal of a source's record.
select portal.name as portal, delivery.delivery_key, coalesce(delivery.resolved_as, delivery.state) as state,
       carried.effect, coalesce(message.file_name, '') as file_name, carried.message_key, delivery.planned_at,
       delivery.ended_at
from journal.carried
join journal.delivery using (delivery_key)
join journal.partner as portal using (partner_key)
left join journal.message on message.message_key = carried.message_key
where carried.dataset = :dataset and carried.key = :key
  and portal.settings -> 'publication' ->> 'source' = :source
order by delivery.delivery_key
