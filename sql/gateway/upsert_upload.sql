-- Opens the upload, or finds the open one, and holds its row until the chunk is in.
insert into journal.upload as held (session_key, file_name)
values (:session_key, :file_name)
on conflict (session_key, file_name) where sealed_at is null do update set touched_at = now()
returning upload_key, size
