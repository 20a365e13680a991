select pg_advisory_unlock(:number)
