insert into journal.checkpoint as held (partner_key, exchange, name, position, message_key)
values (:partner_key, :exchange, :name, :position, :message_key)
on conflict (partner_key, exchange, name) do update
set position = excluded.position, message_key = excluded.message_key, moved_at = now()
where excluded.position > held.position
returning position
