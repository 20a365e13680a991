-- How far a partner's exports were looked at (settled), where the last one of them began, and what was taken since.
select
    coalesce(max(position) filter (where name = 'settled'), 0) as settled,
    coalesce(max(position) filter (where name = 'export'), 0) as begun,
    coalesce(max(position) filter (where name = 'message'), 0) as taken
from journal.checkpoint
where partner_key = :partner_key and exchange = :exchange and name in ('settled', 'export', 'message')
