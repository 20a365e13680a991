-- Prices as the judge sees them: with the number of decimals that matter (1.5000 has one).
select prices.*, prices.ctid as row_id, scale(trim_scale(amount)) as amount_scale
from staging.prices
where message_key = :message
