update journal.deletion_list
set state = 'overtaken', decided_by = 'the exchange', decided_why = :why, decided_at = clock_timestamp()
where partner_key = :partner_key and direction = :direction and exchange = :exchange and dataset = :dataset
  and state = 'waiting'
returning list_key
