update journal.upload
set sealed_at = now(), message_key = :message_key
where upload_key = :upload_key and sealed_at is null
