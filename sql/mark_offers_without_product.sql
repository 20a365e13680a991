-- One comparison a subquery: with an `or` in it, the whole of core.product would be read for each offer.
update staging.offers as staged set
    cause = 'REF_MISSING', place = 'Предложение/Ид', value = staged.product_id, expected = '', exit = 'refused'
where staged.message_key = :message_key and staged.cause is null
  and not exists (
      select from core.product where product.partner_key = :partner_key and product.id = staged.product_id
  )
  and not exists (
      select from core.product where product.partner_key = :partner_key and product.id = staged.id
  )
  and not exists (
      select from staging.goods
      where goods.message_key = :message_key and goods.id = staged.product_id and goods.cause is null
  )
  and not exists (
      select from staging.goods
      where goods.message_key = :message_key and goods.id = staged.id and goods.cause is null
  )
