insert into journal.message (partner_key, exchange, direction, sha256, size, object_key, file_name, received_at)
select partner_key, :exchange, 'in', :sha256, :size, :object_key, :file_name, clock_timestamp()
from journal.partner
where name = :partner
returning message_key
