select stream from journal.baseline
where partner_key = :partner_key and exchange = :exchange and stream <> :stream
