-- Locked, so that nobody says it anew while those that are read are forgotten.
select key from journal.stale_slice
where partner_key = :partner_key and exchange = :exchange and stream = :stream
for update
