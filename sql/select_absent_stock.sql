-- Quantities that a whole file takes away by not naming them: the offer stands in it with figures by warehouse, and a
-- warehouse where we hold a quantity is not among them. Never where the missing figure may be one that was refused,
-- nor in a file that is late: what was formed after it knows better.
with mine as (
    select telling.* from journal.telling
    join journal.message using (message_key)
    where telling.message_key = :message_key and message.extent = 'full' and message.origin in ('received', 'member')
      and not exists (
          select from staging.faults
          where faults.message_key = :message_key and faults.dataset in ('offers', 'stock') and faults.key = ''
      )
      and not exists (
          select from journal.telling as later
          join journal.message as file on file.message_key = later.message_key
          join journal.books on books.message_key = later.message_key and books.dataset = 'stock'
          where later.partner_key = telling.partner_key and later.exchange = telling.exchange
            and later.state = 'closed' and later.message_key <> telling.message_key
            and later.arrived_at >= telling.valid_from and later.valid_from > telling.valid_from
            and books.received > books.refused
            -- An offer stands in one portion of an export: the other portions tell nothing of it.
            and not (later.session_key is not null and later.session_key = telling.session_key and file.extent = 'full')
      )
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
  -- What waits for a person already does not wait twice.
  and not exists (
      select from journal.deletion_list as waiting
      join journal.deletion as listed using (list_key)
      where waiting.partner_key = mine.partner_key and waiting.direction = 'in' and waiting.state = 'waiting'
        and listed.dataset = 'stock' and listed.key = core.key_part(offer.id) || '|' || core.key_part(warehouse.id)
        and listed.digest = core.stock_digest(held.message_key, held.quantity) and listed.returned_in is null
  )
order by 2
