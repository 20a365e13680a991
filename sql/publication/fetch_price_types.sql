select id, name, currency, tax_name, is_tax_included, delta.effect = 'delete' as is_deleted, null::text as version, extra
from core.price_type as held
left join delta on delta.dataset = 'price_types' and delta.key = held.id and delta.effect = 'delete'
where partner_key = :source_key
  and (exists (select from projection where dataset = 'price_types' and key = held.id) or delta.key is not null)
union all
select own.key, type.name, type.currency, type.tax_name, type.is_tax_included, own.is_deleted, null, null
from (
    select key, false as is_deleted from projection where dataset = 'price_types'
    union all
    select key, true from delta where dataset = 'price_types' and effect = 'delete'
) as own
cross join core.own_price_type() as type
where not exists (select from core.price_type as held where held.partner_key = :source_key and held.id = own.key)
order by id
