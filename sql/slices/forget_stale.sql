-- Those that were heard of, and no others: more may have come meanwhile.
delete from journal.stale_slice where stale_key = any(:stale_keys)
