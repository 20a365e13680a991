insert into staging.reading (message_key, heading, rules, file_fault)
values (:message_key, :heading, :rules, :file_fault)
on conflict (message_key) do update
set heading = excluded.heading, rules = excluded.rules, file_fault = excluded.file_fault
