-- The delta: prices that differ from what holds at their time, with their surrogate keys. All after this reads only these.
with keyed as materialized (
    select staged.*, coalesce(staged.unit, '') as price_unit, coalesce(staged.min_qty, 0) as price_min_qty,
           offer.offer_key, price_type.price_type_key
    from staging.prices as staged
    join core.offer on offer.partner_key = :partner_key and offer.id = staged.offer_id
    join core.price_type on price_type.partner_key = :partner_key and price_type.id = staged.price_type_id
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
)
insert into staging.changed_prices (
    message_key, record_no, offer_key, price_type_key, unit, min_qty, amount, currency, coefficient, presentation,
    tax_name, is_tax_included, extra, digest, ends_at
)
select
    :message_key, keyed.record_no, keyed.offer_key, keyed.price_type_key, keyed.price_unit, keyed.price_min_qty,
    keyed.amount, keyed.currency, keyed.coefficient, keyed.presentation, keyed.tax_name, keyed.is_tax_included,
    keyed.extra, keyed.digest, keyed.ends_at
from keyed
left join core.price as held
    on held.offer_key = keyed.offer_key and held.price_type_key = keyed.price_type_key
    and held.unit = keyed.price_unit and held.min_qty = keyed.price_min_qty
    and held.valid_from <= :valid_from and held.valid_to > :valid_from and held.recorded_to = 'infinity'
where held.digest is distinct from keyed.digest
