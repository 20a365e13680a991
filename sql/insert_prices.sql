insert into core.price (
    offer_key, price_type_key, unit, min_qty, amount, currency, coefficient, presentation, tax_name,
    is_tax_included, extra, digest, message_key, valid_from, valid_to, recorded_from
)
select
    offer_key, price_type_key, unit, min_qty, amount, currency, coefficient, presentation, tax_name,
    is_tax_included, extra, digest, :message_key, :valid_from, coalesce(ends_at, 'infinity'), :recorded_at
from staging.changed_prices
where message_key = :message_key
order by offer_key, price_type_key
