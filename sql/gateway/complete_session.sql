update journal.session set completed_at = coalesce(completed_at, clock_timestamp()) where session_key = :session_key
