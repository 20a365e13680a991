-- Partners with messages that wait, oldest first; one partner when it is named.
select partner.partner_key, partner.name, partner.settings
from journal.partner
left join journal.message
    on message.partner_key = partner.partner_key and message.exchange = :exchange and message.state = 'received'
where partner.state = 'active'
  and (partner.name = :partner or cast(:partner as text) is null and message.message_key is not null)
group by partner.partner_key
order by min(message.message_key) nulls last
