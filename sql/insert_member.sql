-- A file inside an archive, or an old one once more: a message of its own.
insert into journal.message (
    partner_key, exchange, direction, sha256, size, object_key, file_name, session_key, parent_key, origin, replays,
    sender_counters, received_at
)
values (
    :partner_key, :exchange, 'in', :sha256, :size, :object_key, :file_name, :session_key, :parent_key, :origin,
    :replays, :sender_counters, clock_timestamp()
)
returning message_key
