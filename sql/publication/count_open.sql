select count(*) as open
from journal.delivery
where partner_key = :partner_key and exchange = :exchange and state in ('planned', 'sending', 'failed', 'in_doubt')
