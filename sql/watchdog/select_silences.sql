-- Active partners of an exchange whose newest good run is too old, or whose file waits for too long.
with newest as (
    select partner_key, exchange, max(ended_at) filter (where outcome = 'completed') as succeeded_at
    from journal.run
    where partner_key is not null
    group by partner_key, exchange
),
waiting as (
    select partner_key, exchange, min(received_at) as waits_since
    from journal.message
    where state = 'received' and direction = 'in'
    group by partner_key, exchange
)
select partner.name as partner, exchange, newest.succeeded_at, waiting.waits_since
from newest
full join waiting using (partner_key, exchange)
join journal.partner as partner using (partner_key)
where partner.state = 'active'
    and (
        coalesce(newest.succeeded_at, '-infinity') < now() - make_interval(mins => :silence_min)
        or waiting.waits_since < now() - make_interval(mins => :waiting_min)
    )
order by partner.name, exchange
