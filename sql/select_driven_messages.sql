-- The messages that were queued, and the files of those that are archives.
select message_key, file_name, state
from journal.message
where message_key = any(cast(:message_keys as bigint[]))
   or origin = 'member' and parent_key = any(cast(:message_keys as bigint[]))
order by message_key
