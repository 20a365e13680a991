update journal.lease set holder = ''
where partner_key = :partner_key and exchange = :exchange and epoch = :epoch
  and not exists (
      select from journal.message
      where partner_key = :partner_key and exchange = :exchange and state = 'received'
  )
returning epoch
