update journal.lease set renewed_at = clock_timestamp()
where partner_key = :partner_key and exchange = :exchange and epoch = :epoch
returning epoch
