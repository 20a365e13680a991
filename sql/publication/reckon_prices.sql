-- What the portal pays today, in its own zone; prices that lack a rate are counted and stay out.
with paid as materialized (
    select price.*
    from core.partner_price(
        :portal_key, :source_key, (now() at time zone :zone)::date, :rate_age_days, null
    ) as price
    join projection on projection.dataset = 'offers' and projection.key = price.offer_id
), lacking as (
    insert into price_lack (currency, prices)
    select lacks, count(*) from paid where lacks is not null group by lacks
)
insert into reckoned_price (
    key, offer_id, unit, min_qty, coefficient, tax_name, is_tax_included, amount, currency, price_type_id, base_amount,
    base_currency, base_key, percent, rule_key, proposal_key, rate_key, to_rate_key, rate_date
)
select core.key_part(offer_id) || '|' || core.key_part(:own_price_type) || '|' || core.key_part(unit) || '|'
           || coalesce(nullif(trim_scale(min_qty), 0)::text, ''),
       offer_id, unit, trim_scale(min_qty), coefficient, tax_name, is_tax_included, amount, currency, price_type_id,
       base_amount, base_currency,
       case when base_amount is not null then
           core.key_part(offer_id) || '|' || core.key_part(price_type_id) || '|' || core.key_part(unit) || '|'
               || coalesce(nullif(trim_scale(base_min_qty), 0)::text, '')
       end,
       percent, rule_key, proposal_key, rate_key, to_rate_key, rate_date
from paid
where lacks is null
