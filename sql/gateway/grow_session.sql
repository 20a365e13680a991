update journal.session
set upload_count = upload_count + :uploads, upload_bytes = upload_bytes + :size
where session_key = :session_key
returning upload_count, upload_bytes
