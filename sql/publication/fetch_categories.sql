select id, name, property_ids, delta.effect = 'delete' as is_deleted, null::text as version, extra
from core.category as held
left join delta on delta.dataset = 'categories' and delta.key = held.id and delta.effect = 'delete'
where partner_key = :source_key
  and (exists (select from projection where dataset = 'categories' and key = held.id) or delta.key is not null)
order by id
