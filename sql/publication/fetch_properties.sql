select id, name, description, null::text as classifier_id, value_type, is_required, is_multiple, for_goods, for_offers,
       is_external, choices, delta.effect = 'delete' as is_deleted, null::text as version, extra
from core.property as held
left join delta on delta.dataset = 'properties' and delta.key = held.id and delta.effect = 'delete'
where partner_key = :source_key
  and (exists (select from projection where dataset = 'properties' and key = held.id) or delta.key is not null)
order by id
