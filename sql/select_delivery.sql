select delivery_key, partner.name as partner, partner_key, exchange, delivery.state, attempts, answer, question
from journal.delivery
join journal.partner using (partner_key)
where delivery_key = :delivery_key
