-- Up to when a sender told its stock and its movements: the moment since which the newest such file holds.
insert into journal.checkpoint as held (partner_key, exchange, name, position, message_key)
select telling.partner_key, telling.exchange, books.dataset || '_us',
       (extract(epoch from telling.valid_from) * 1000000)::bigint, telling.message_key
from journal.telling
join journal.books using (message_key)
where telling.message_key = :message_key and books.dataset in ('stock', 'movements') and books.received > books.refused
on conflict (partner_key, exchange, name) do update
set position = excluded.position, message_key = excluded.message_key, moved_at = now()
where excluded.position > held.position
