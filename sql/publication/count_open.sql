select count(*) as open, count(*) filter (where state = 'in_doubt') as in_doubt
from journal.delivery
where partner_key = :partner_key and exchange = :exchange and state in ('planned', 'sending', 'failed', 'in_doubt')
