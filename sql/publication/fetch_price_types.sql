select id, name, currency, tax_name, is_tax_included, delta.effect = 'delete' as is_deleted, null::text as version, extra
from core.price_type as held
left join delta on delta.dataset = 'price_types' and delta.key = held.id and delta.effect = 'delete'
where partner_key = :source_key
  and (exists (select from projection where dataset = 'price_types' and key = held.id) or delta.key is not null)
order by id
