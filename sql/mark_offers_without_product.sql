update staging.offers as staged set
    cause = 'REF_MISSING', place = 'Предложение/Ид', value = staged.product_id, expected = '', exit = 'refused'
where staged.message_key = :message_key and staged.cause is null
  and not exists (
      select from staging.goods
      where goods.message_key = :message_key and goods.id in (staged.product_id, staged.id) and goods.cause is null
  )
  and not exists (
      select from core.product
      where product.partner_key = :partner_key and product.id in (staged.product_id, staged.id)
  )
