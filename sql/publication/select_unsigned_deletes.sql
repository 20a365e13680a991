-- What would be deleted and no person has said yes to. Prices and stock of an offer that goes are not counted apart.
select delta.dataset, delta.key, coalesce(product.name, held_group.name) as name, replace(delta.before::text, '-', '') as digest
from delta
left join core.product on delta.dataset = 'goods' and product.partner_key = :source_key and product.id = delta.key
left join core.product_group as held_group
    on delta.dataset = 'groups' and held_group.partner_key = :source_key and held_group.id = delta.key
where delta.effect = 'delete'
  and not exists (
      select from delta as offer
      where delta.dataset in ('prices', 'stock') and offer.dataset = 'offers' and offer.key = delta.of_key
        and offer.effect = 'delete'
  )
  and not exists (
      select from journal.deletion
      join journal.deletion_list using (list_key)
      where deletion_list.partner_key = :portal_key and direction = 'out' and state = 'confirmed'
        and deletion.dataset = delta.dataset and deletion.key = delta.key
        and deletion.digest is not distinct from delta.before and deletion.done_at is null
  )
order by 1, 2
