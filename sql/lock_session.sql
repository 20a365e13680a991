select pg_try_advisory_lock(:number) as is_ours
