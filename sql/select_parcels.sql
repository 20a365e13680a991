select name, object_key, sha256, size, message_key
from journal.parcel
where delivery_key = :delivery_key
order by position
