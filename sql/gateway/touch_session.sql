-- The window slides, but a session does not live for ever.
update journal.session
set seen_at = now(), version = coalesce(:version, version),
    expires_at = least(now() + make_interval(secs => :idle_s), opened_at + make_interval(secs => :longest_s))
where session_key = :session_key
returning session_key, upload_count, upload_bytes
