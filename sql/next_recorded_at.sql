-- The clock of recording: the message's own arrival, always later than the one before it.
insert into journal.checkpoint as held (partner_key, exchange, name, position, message_key)
values (
    :partner_key, :exchange, 'recorded_us',
    (extract(epoch from cast(:received_at as timestamptz)) * 1000000)::bigint, :message_key
)
on conflict (partner_key, exchange, name) do update
set position = greatest(held.position + 1, excluded.position), message_key = excluded.message_key, moved_at = now()
returning to_timestamp(position / 1000000) + (position % 1000000) * interval '1 microsecond' as recorded_at
