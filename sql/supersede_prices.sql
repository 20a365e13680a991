-- What we believed until now stays believed as of its time: the row that holds when the new price begins is closed on
-- the clock of recording, and what of it is still true, before the new price began and, where that comes late, after
-- it ended, is written again as what we know now.
with superseded as (
    update core.price set recorded_to = :recorded_at
    from staging.changed_prices as staged
    where staged.message_key = :message_key
      and price.offer_key = staged.offer_key and price.price_type_key = staged.price_type_key
      and price.unit = staged.unit and price.min_qty = staged.min_qty
      and price.valid_from <= :valid_from and price.valid_to > :valid_from and price.recorded_to = 'infinity'
    returning price.*, staged.ends_at
)
insert into core.price (
    offer_key, price_type_key, unit, min_qty, amount, currency, coefficient, presentation, tax_name,
    is_tax_included, extra, digest, message_key, valid_from, valid_to, recorded_from
)
select
    offer_key, price_type_key, unit, min_qty, amount, currency, coefficient, presentation, tax_name,
    is_tax_included, extra, digest, message_key, part.valid_from, part.valid_to, :recorded_at
from superseded
cross join lateral (
    values (superseded.valid_from, cast(:valid_from as timestamptz)), (superseded.ends_at, superseded.valid_to)
) as part (valid_from, valid_to)
where part.valid_from < part.valid_to
