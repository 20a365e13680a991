select price.key, price.offer_id, price.unit, price.min_qty, price.amount, price.currency, price.price_type_id, price.base_amount,
       price.base_currency, price.base_key, price.percent, price.rule_key, price.proposal_key, price.rate_key, price.to_rate_key,
       price.rate_date
from carried_offer as carried
join reckoned_price as price on price.offer_id = carried.id
order by price.key
