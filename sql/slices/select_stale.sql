select stale_key, key from journal.stale_slice
where partner_key = :partner_key and exchange = :exchange and stream = :stream
