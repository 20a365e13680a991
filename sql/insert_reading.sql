insert into staging.reading (message_key, heading, rules, file_fault, slicing)
values (:message_key, :heading, :rules, :file_fault, :slicing)
on conflict (message_key) do update
set heading = excluded.heading, rules = excluded.rules, file_fault = excluded.file_fault, slicing = excluded.slicing
