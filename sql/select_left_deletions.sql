-- What did not go though it was listed, and why.
select listed.dataset, listed.key,
       case
           when listed.returned_in is not null then format('it came back in message %s', listed.returned_in)
           when held.withdrawn_at is not null then 'it was withdrawn already'
           when held.digest is distinct from listed.digest then 'it changed since'
           else 'something that stays still needs it'
       end as why
from journal.deletion as listed
left join lateral (
    select digest, withdrawn_at from core.product
    where listed.dataset = 'goods' and product.partner_key = :partner_key and product.id = listed.key
    union all
    select digest, withdrawn_at from core.offer
    where listed.dataset = 'offers' and offer.partner_key = :partner_key and offer.id = listed.key
    union all
    select digest, withdrawn_at from core.product_group
    where listed.dataset = 'groups' and product_group.partner_key = :partner_key and product_group.id = listed.key
    union all
    select core.stock_digest(stock.message_key, stock.quantity), null from core.stock
    join core.offer using (offer_key)
    join core.warehouse using (warehouse_key)
    where listed.dataset = 'stock' and offer.partner_key = :partner_key and offer.id = core.key_head(listed.key)
      and warehouse.id = core.key_tail(listed.key) and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
) as held on true
where listed.list_key = :list_key and listed.done_at is null
order by listed.dataset, listed.key
