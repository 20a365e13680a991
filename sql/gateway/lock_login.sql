-- Two first requests with plain Basic at one moment must open one session, not two.
select pg_advisory_xact_lock(hashtextextended(:login, 0))
