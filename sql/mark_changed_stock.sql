-- The delta: quantities that differ from what holds now. Warehouse 0 is the total over all warehouses.
update staging.stock as staged set exit = 'accepted'
where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
  and not exists (
      select
      from core.stock
      join core.offer using (offer_key)
      left join core.warehouse using (warehouse_key)
      where offer.partner_key = :partner_key and offer.id = staged.offer_id
        and warehouse.id is not distinct from staged.warehouse_id
        and stock.quantity = staged.quantity
        and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
  )
