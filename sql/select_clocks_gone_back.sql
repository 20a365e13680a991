-- Of these messages, those with prices or stock that were told after others and say that they were formed before them:
-- what they say is kept as the past. The orders are those of journal.telling; who drives an old message again knows.
select mine.message_key, message.file_name, partner.name as partner, message.formed_at, earlier.message_key as earlier_key,
       earlier.file_name as earlier_name, earlier.formed_at as earlier_formed_at
from journal.telling as mine
join journal.message using (message_key)
join journal.partner on partner.partner_key = mine.partner_key
cross join lateral (
    select telling.message_key, told.file_name, told.formed_at
    from journal.telling
    join journal.message as told using (message_key)
    where telling.partner_key = mine.partner_key and telling.exchange = mine.exchange and telling.state = 'closed'
      and telling.arrived_at >= mine.valid_from and telling.valid_from > mine.valid_from
      and case when telling.session_key <> mine.session_key then telling.session_key < mine.session_key
          else (telling.root_key, telling.source_key) < (mine.root_key, mine.source_key) end
      and exists (
          select from journal.books where books.message_key = telling.message_key and dataset in ('prices', 'stock')
      )
    order by telling.valid_from desc, telling.message_key
    limit 1
) as earlier
where mine.message_key = any(cast(:message_keys as bigint[])) and mine.state = 'closed'
  and message.origin not in ('replay', 'salvage')
  and exists (select from journal.books where books.message_key = mine.message_key and dataset in ('prices', 'stock'))
order by mine.message_key
