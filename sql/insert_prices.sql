insert into core.price (
    offer_key, price_type_key, unit, min_qty, amount, currency, coefficient, presentation, tax_name,
    is_tax_included, extra, digest, message_key, valid_from, valid_to, recorded_from
)
select
    offer_key, price_type_key, coalesce(unit, ''), coalesce(min_qty, 0), amount, currency, coefficient, presentation,
    tax_name, is_tax_included, extra, digest, :message_key, :valid_from, coalesce(ends_at, 'infinity'), :recorded_at
from staging.prices
where message_key = :message_key and exit = 'accepted'
order by offer_key, price_type_key
