-- An offer that stays keeps its prices and stock.
with signed as (
    select delta.dataset, delta.key
    from delta
    join journal.deletion on deletion.dataset = delta.dataset and deletion.key = delta.key
        and deletion.digest is not distinct from delta.before and deletion.done_at is null
    join journal.deletion_list using (list_key)
    where delta.effect = 'delete' and deletion_list.partner_key = :portal_key
      and direction = 'out' and state = 'confirmed'
)
delete from delta
where effect = 'delete'
  and not exists (select from signed where signed.dataset = delta.dataset and signed.key = delta.key)
  and not (
      delta.dataset in ('prices', 'stock')
      and exists (select from signed where signed.dataset = 'offers' and signed.key = delta.of_key)
  )
