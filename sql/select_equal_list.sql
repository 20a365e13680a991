-- The list that waits already with these very rows, none of which came back since.
select list_key
from journal.deletion_list
where partner_key = :partner_key and direction = :direction and exchange = :exchange and dataset = :dataset
  and state = 'waiting' and content = :content
  and not exists (
      select from journal.deletion
      where deletion.list_key = deletion_list.list_key and returned_in is not null
  )
