-- Quantities that a whole file takes away by not naming them: the offer stands in it with figures by warehouse, and a
-- warehouse where we hold a quantity is not among them. Never where the missing figure may be one that was refused.
with mine as (
    select partner_key, message_key, valid_from from journal.telling where message_key = :message_key
), doubtful as (
    select key as offer_id from staging.faults where message_key = :message_key and dataset in ('offers', 'stock')
    union
    select core.key_head(key) from staging.faults where message_key = :message_key and dataset = 'stock'
    union
    select id from staging.offers where message_key = :message_key and cause is not null
    union
    select offer_id from staging.stock where message_key = :message_key and cause is not null
), told as (
    select distinct offer_id from staging.stock
    where message_key = :message_key and warehouse_id is not null
    except
    select offer_id from doubtful
)
select 'stock' as dataset, core.key_part(offer.id) || '|' || core.key_part(warehouse.id) as key,
       format('%s, %s: %s', coalesce(offer.name, product.name), coalesce(warehouse.name, warehouse.id), trim_scale(held.quantity)) as name,
       replace(core.stock_digest(held.message_key, held.quantity)::text, '-', '') as digest
from mine
cross join told
join core.offer on offer.partner_key = mine.partner_key and offer.id = told.offer_id
join core.product using (product_key)
join core.stock as held on held.offer_key = offer.offer_key and held.valid_to = 'infinity' and held.recorded_to = 'infinity'
join core.warehouse on warehouse.warehouse_key = held.warehouse_key
where held.quantity <> 0 and held.message_key <> mine.message_key and held.valid_from <= mine.valid_from
  and not exists (
      select from staging.stock as present
      where present.message_key = :message_key and present.offer_id = told.offer_id and present.warehouse_id = warehouse.id
  )
  -- Of a first export nothing can be absent: a look at what is held spares the rest.
  and exists (
      select from core.stock as earlier
      where earlier.message_key <> :message_key and earlier.valid_to = 'infinity' and earlier.recorded_to = 'infinity'
  )
  -- What waits for a person already does not wait twice.
  and not exists (
      select from journal.deletion_list as waiting
      join journal.deletion as listed using (list_key)
      where waiting.partner_key = mine.partner_key and waiting.direction = 'in' and waiting.state = 'waiting'
        and listed.dataset = 'stock' and listed.key = core.key_part(offer.id) || '|' || core.key_part(warehouse.id)
        and listed.digest = core.stock_digest(held.message_key, held.quantity) and listed.returned_in is null
  )
order by 2
