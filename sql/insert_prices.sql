insert into core.price (
    offer_key, price_type_key, unit, min_qty, amount, currency, coefficient, presentation, tax_name,
    is_tax_included, extra, digest, message_key, valid_from, recorded_from
)
select
    offer.offer_key, price_type.price_type_key, coalesce(staged.unit, ''), coalesce(staged.min_qty, 0),
    staged.amount, staged.currency, staged.coefficient, staged.presentation, staged.tax_name,
    staged.is_tax_included, staged.extra, staged.digest, :message_key, :valid_from, :recorded_at
from staging.prices as staged
join core.offer on offer.partner_key = :partner_key and offer.id = staged.offer_id
join core.price_type on price_type.partner_key = :partner_key and price_type.id = staged.price_type_id
where staged.message_key = :message_key and staged.exit = 'accepted'
order by offer.offer_key, price_type.price_type_key
