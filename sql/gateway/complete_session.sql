update journal.session
set completed_at = coalesce(completed_at, clock_timestamp()), counters = counters || cast(:counters as jsonb)
where session_key = :session_key
