-- A list of quantities of which every one was told again waits for nobody.
update journal.deletion_list as list
set state = 'overtaken', decided_by = 'the exchange', decided_why = 'all of it was told again', decided_at = clock_timestamp()
where list.partner_key = :partner_key and list.direction = 'in' and list.dataset = 'stock' and list.state = 'waiting'
  and not exists (select from journal.deletion where deletion.list_key = list.list_key and deletion.returned_in is null)
