insert into journal.knock (
    session_key, login, peer, exchange_type, mode, file_name, body_bytes, duration_ms, status, answer
)
values (
    :session_key, :login, :peer, :exchange_type, :mode, :file_name, :body_bytes, :duration_ms, :status, :answer
)
