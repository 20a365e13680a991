-- Those that were heard of, and no others: more may have come meanwhile.
delete from journal.stale_slice
where partner_key = :partner_key and exchange = :exchange and stream = :stream and key = any(:keys)
