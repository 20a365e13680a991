-- What came in this session under this name, the archives it may lie in, and their members.
with root as (
    select message_key, parent_key, file_name, state, received_at
    from journal.message
    where session_key = :session_key and parent_key is null and origin = 'received'
      and (file_name = :file_name or lower(file_name) like '%.zip')
)
select message_key, parent_key, file_name, state,
       cast(extract(epoch from now() - received_at) as double precision) as waiting_s
from (
    select * from root
    union all
    select member.message_key, member.parent_key, member.file_name, member.state, member.received_at
    from journal.message as member
    join root on member.parent_key = root.message_key
    where member.origin = 'member'
) as filed
order by message_key
