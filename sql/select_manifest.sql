-- One line a record, in file order: where it stands and by which exit it left.
select dataset, record_no, byte_offset, byte_length, key, digest, exit, cause
from staging.record
where message_key = :message_key
order by byte_offset, dataset, record_no
