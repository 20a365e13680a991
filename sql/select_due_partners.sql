-- Partners with messages that wait, oldest first, or whose exports were not looked at to the end; one partner when it
-- is named.
select partner.partner_key, partner.name, partner.settings
from journal.partner
left join journal.message
    on message.partner_key = partner.partner_key and message.exchange = :exchange and message.state = 'received'
where partner.state = 'active'
  and (
      partner.name = :partner
      or cast(:partner as text) is null and (
          message.message_key is not null
          or exists (
              select from journal.checkpoint as taken
              left join journal.checkpoint as settled
                  on settled.partner_key = taken.partner_key and settled.exchange = taken.exchange
                  and settled.name = 'settled'
              where taken.partner_key = partner.partner_key and taken.exchange = :exchange and taken.name = 'message'
                and taken.position > coalesce(settled.position, 0)
          )
      )
  )
group by partner.partner_key
order by min(message.message_key) nulls last
