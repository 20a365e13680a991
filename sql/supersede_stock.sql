-- As supersede_prices: closed on the clock of recording, its past written again as what we know now.
with superseded as (
    update core.stock set recorded_to = :recorded_at
    from staging.stock as staged
    where staged.message_key = :message_key and staged.exit = 'accepted'
      and stock.offer_key = staged.offer_key and stock.warehouse_key = staged.warehouse_key
      and stock.valid_to > :valid_from and stock.recorded_to = 'infinity'
    returning stock.*
)
insert into core.stock (offer_key, warehouse_key, quantity, message_key, valid_from, valid_to, recorded_from)
select offer_key, warehouse_key, quantity, message_key, valid_from, :valid_from, :recorded_at
from superseded
where valid_from < :valid_from
