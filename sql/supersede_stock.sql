-- As supersede_prices: closed on the clock of recording, what is still true of it written again as what we know now.
with superseded as (
    update core.stock set recorded_to = :recorded_at
    from staging.changed_stock as staged
    where staged.message_key = :message_key
      and stock.offer_key = staged.offer_key and stock.warehouse_key = staged.warehouse_key
      and stock.valid_from <= :valid_from and stock.valid_to > :valid_from and stock.recorded_to = 'infinity'
    returning stock.*, staged.ends_at
)
insert into core.stock (offer_key, warehouse_key, quantity, message_key, valid_from, valid_to, recorded_from)
select offer_key, warehouse_key, quantity, message_key, part.valid_from, part.valid_to, :recorded_at
from superseded
cross join lateral (
    values (superseded.valid_from, cast(:valid_from as timestamptz)), (superseded.ends_at, superseded.valid_to)
) as part (valid_from, valid_to)
where part.valid_from < part.valid_to
