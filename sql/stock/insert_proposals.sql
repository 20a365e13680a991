-- Beside the price that is asked for stands what the outlet pays now for a single one.
insert into core.price_proposal (
    load_key, row_no, source_key, partner_key, offer_id, amount, currency, current_amount, current_currency, valid_from,
    valid_to, why
)
select :load_key, told.row_no, :source_key, buyer.partner_key, told.offer, told.amount, told.currency, price.amount,
       price.currency, coalesce(told.valid_from, today.day), told.valid_to, coalesce(told.why, '')
from jsonb_to_recordset(cast(:told as jsonb) -> 'rows')
    as told (
        row_no integer, partner text, offer text, amount numeric, currency text, valid_from date, valid_to date, why text
    )
join journal.partner as buyer on buyer.name = told.partner
join core.offer on offer.partner_key = :source_key and offer.id = told.offer
cross join lateral (select (now() at time zone buyer.time_zone)::date as day) as today
left join lateral (
    select reckoned.amount, reckoned.currency
    from core.offer_price(
        buyer.partner_key, :source_key, today.day,
        coalesce((buyer.settings -> 'publication' ->> 'rate_age_days')::integer, 0), offer.offer_key
    ) as reckoned
    where reckoned.min_qty = 0
    order by coalesce(reckoned.coefficient, 1), reckoned.unit limit 1
) as price on true
order by told.row_no
returning proposal_key
