select delivery_key from journal.delivery
where partner_key = :partner_key and exchange = :exchange and state = 'in_doubt'
order by delivery_key
