-- A product stands for its own offer where its prices or stock come and no offer of its Ид does. Nothing is known of
-- such an offer but its product: the empty digest lets the first record that tells more take its place.
insert into core.offer (partner_key, product_key, id, digest, message_key)
select :partner_key, product.product_key, product.id, '00000000-0000-0000-0000-000000000000'::uuid, :message_key
from core.product
where product.partner_key = :partner_key
  and product.id in (
      select offer_id from staging.prices where message_key = :message_key and cause is null and not is_repeat
      union
      select offer_id from staging.stock where message_key = :message_key and cause is null and not is_repeat
  )
  and not exists (select from core.offer where offer.partner_key = :partner_key and offer.id = product.id)
order by product.id
