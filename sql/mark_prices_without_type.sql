update staging.prices as staged set
    cause = 'REF_MISSING', place = 'Цена/ИдТипаЦены', value = coalesce(staged.price_type_id, ''),
    expected = '', exit = 'refused'
where staged.message_key = :message_key and staged.cause is null
  and not exists (
      select from staging.price_types
      where price_types.message_key = :message_key and price_types.id = staged.price_type_id
        and price_types.cause is null
  )
  and not exists (
      select from core.price_type
      where price_type.partner_key = :partner_key and price_type.id = staged.price_type_id
  )
