insert into journal.checkpoint as held (partner_key, exchange, name, position)
values (:partner_key, :exchange, 'package', 1)
on conflict (partner_key, exchange, name) do update set position = held.position + 1, moved_at = now()
returning position as number
