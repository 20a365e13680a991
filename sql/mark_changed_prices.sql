-- The delta: prices that differ from what holds now. Everything after this touches only these.
update staging.prices as staged set exit = 'accepted'
where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
  and not exists (
      select
      from core.price
      join core.offer using (offer_key)
      join core.price_type using (price_type_key)
      where offer.partner_key = :partner_key and offer.id = staged.offer_id
        and price_type.partner_key = :partner_key and price_type.id = staged.price_type_id
        and price.unit = coalesce(staged.unit, '') and price.min_qty = coalesce(staged.min_qty, 0)
        and price.digest = staged.digest
        and price.valid_to = 'infinity' and price.recorded_to = 'infinity'
  )
