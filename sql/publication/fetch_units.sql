select id, code, name, full_name, international, delta.effect = 'delete' as is_deleted, null::text as version, extra
from core.unit as held
left join delta on delta.dataset = 'units' and delta.key = held.id and delta.effect = 'delete'
where partner_key = :source_key
  and (exists (select from projection where dataset = 'units' and key = held.id) or delta.key is not null)
order by id
