-- What we believed until now stays believed as of its time: the row is closed on the clock of recording,
-- and its past, true until the new price began, is written again as what we know now. A file that was formed
-- earlier than one already taken (a replay) ends the periods that begin after it too.
with superseded as (
    update core.price set recorded_to = :recorded_at
    from staging.prices as staged
    where staged.message_key = :message_key and staged.exit = 'accepted'
      and price.offer_key = staged.offer_key and price.price_type_key = staged.price_type_key
      and price.unit = coalesce(staged.unit, '') and price.min_qty = coalesce(staged.min_qty, 0)
      and price.valid_to > :valid_from and price.recorded_to = 'infinity'
    returning price.*
)
insert into core.price (
    offer_key, price_type_key, unit, min_qty, amount, currency, coefficient, presentation, tax_name,
    is_tax_included, extra, digest, message_key, valid_from, valid_to, recorded_from
)
select
    offer_key, price_type_key, unit, min_qty, amount, currency, coefficient, presentation, tax_name,
    is_tax_included, extra, digest, message_key, valid_from, :valid_from, :recorded_at
from superseded
where valid_from < :valid_from
