-- What acknowledged packages changed at each portal, by kind: a price is one field there, and so is a quantity.
select partner.name as portal, carried.dataset, count(*) as records
from journal.carried
join journal.delivery using (delivery_key)
join journal.partner using (partner_key)
where delivery.delivery_key = any(:delivery_keys) and coalesce(resolved_as, delivery.state) = 'delivered'
group by 1, 2
order by 1, 2
