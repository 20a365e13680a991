-- What waits to be deleted and stands in this file is not deleted, whatever is said to its list.
update journal.deletion as listed set returned_in = :message_key
from staging.record as present
where listed.list_key = any(:list_keys) and listed.returned_in is null
  and present.message_key = :message_key and present.dataset = listed.dataset and present.key = listed.key
