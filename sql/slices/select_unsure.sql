-- Offers whose slices must be read whatever their bytes: something else told of them, or a list that waits for a person
-- names them and must hear that they are there.
select key from journal.stale_slice
where partner_key = :partner_key and exchange = :exchange and stream = :stream
union
select case deletion.dataset when 'stock' then core.key_head(deletion.key) else deletion.key end
from journal.deletion_list as list
join journal.deletion using (list_key)
where list.partner_key = :partner_key and list.direction = 'in' and list.state = 'waiting'
  and deletion.dataset in ('offers', 'stock')
