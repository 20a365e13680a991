-- The price of a document's line as of its day, written once; the second time it is read as it was written.
with reckoned as (
    select offer.id as offer_id, price.*
    from core.offer
    cross join lateral core.offer_price(
        :partner_key, :source_key, :priced_on, :rate_age_days, offer.offer_key
    ) as price
    where offer.partner_key = :source_key and offer.id = :offer_id
      and price.min_qty <= :quantity and price.lacks is null
      and (price.unit = :unit or :unit = '' and coalesce(price.coefficient, 1) = 1)
    order by price.min_qty desc, price.unit limit 1
), fixed as (
    insert into core.fixed_price (
        partner_key, source_key, document, line_no, offer_id, unit, quantity, amount, total, currency, price_type_id,
        base_amount, base_currency, percent, rule_key, proposal_key, rate_key, to_rate_key, rate_date, priced_on
    )
    select :partner_key, :source_key, :document, :line_no, :offer_id, reckoned.unit, :quantity, reckoned.amount,
           core.round_half_up(reckoned.amount * :quantity, 1, ('1e-' || known.exponent)::numeric), reckoned.currency,
           reckoned.price_type_id, reckoned.base_amount, reckoned.base_currency, reckoned.percent, reckoned.rule_key,
           reckoned.proposal_key, reckoned.rate_key, reckoned.to_rate_key, reckoned.rate_date, :priced_on
    from reckoned
    join core.currency as known on known.spelling = reckoned.currency
    where not exists (
        select from core.fixed_price as held
        where (held.partner_key, held.document, held.line_no) = (:partner_key, :document, :line_no)
    )
    on conflict (partner_key, document, line_no) do nothing
    returning *
)
select * from fixed
union all
select * from core.fixed_price
where (partner_key, document, line_no) = (:partner_key, :document, :line_no)
