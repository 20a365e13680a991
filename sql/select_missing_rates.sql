select distinct price.lacks
from core.offer
cross join lateral core.offer_price(
    :partner_key, :source_key, :priced_on, :rate_age_days, offer.offer_key
) as price
where offer.partner_key = :source_key and offer.id = :offer_id and price.lacks is not null
