insert into journal.message (
    partner_key, exchange, direction, dialect, sha256, size, object_key, file_name, session_key, sender_counters,
    received_at
)
values (
    :partner_key, 'catalog', 'in', :dialect, :sha256, :size, :object_key, :file_name, :session_key, :sender_counters,
    clock_timestamp()
)
returning message_key
