-- Two loads at once would number their versions alike.
select pg_advisory_xact_lock(hashtext('core.load'))
