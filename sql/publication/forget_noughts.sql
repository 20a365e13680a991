-- A quantity that is gone was told as 0: they may show it or not.
delete from theirs
where dataset = 'stock'
  and not exists (select from ours where ours.dataset = 'stock' and ours.key = theirs.key)
  and exists (
      select from theirs as nought
      where nought.dataset = 'stock' and nought.key = theirs.key and nought.field = 'quantity' and nought.value = '0'
  )
