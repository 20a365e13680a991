-- Does a message's file say what is absent from it? Only a whole one that came as it is, of which no record is without a
-- name, and that is not late: what was formed after it knows better.
select telling.message_key
from journal.telling
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
