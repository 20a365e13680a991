-- Partners whose messages wait while no live run holds their lease. What arrives later may start a run of its own,
-- because the one before may have failed; `round` grows as they wait.
select partner.name as partner, max(message.message_key) as newest_key,
       cast(floor(extract(epoch from clock_timestamp() - min(message.received_at)) / :round_s) as bigint) as round
from journal.message
join journal.partner using (partner_key)
left join journal.lease on lease.partner_key = message.partner_key and lease.exchange = message.exchange
where message.exchange = 'catalog' and message.direction = 'in' and message.state = 'received'
  and partner.state = 'active'
  and (lease.holder is null or lease.holder = '' or lease.renewed_at < now() - make_interval(secs => :stale_s))
group by partner.name
order by min(message.message_key)
