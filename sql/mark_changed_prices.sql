-- The delta: prices that differ from what holds at their time get their surrogate keys. All after this touches only these.
with keyed as materialized (
    select staged.record_no, staged.digest, coalesce(staged.unit, '') as unit, coalesce(staged.min_qty, 0) as min_qty,
           offer.offer_key, price_type.price_type_key
    from staging.prices as staged
    join core.offer on offer.partner_key = :partner_key and offer.id = staged.offer_id
    join core.price_type on price_type.partner_key = :partner_key and price_type.id = staged.price_type_id
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
), changed as (
    select keyed.record_no, keyed.offer_key, keyed.price_type_key
    from keyed
    left join core.price as held
        on held.offer_key = keyed.offer_key and held.price_type_key = keyed.price_type_key
        and held.unit = keyed.unit and held.min_qty = keyed.min_qty
        and held.valid_from <= :valid_from and held.valid_to > :valid_from and held.recorded_to = 'infinity'
    where held.digest is distinct from keyed.digest
)
update staging.prices as staged
set exit = 'accepted', offer_key = changed.offer_key, price_type_key = changed.price_type_key
from changed
where staged.message_key = :message_key and staged.record_no = changed.record_no
