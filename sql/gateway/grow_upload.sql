update journal.upload set size = size + :size, touched_at = now() where upload_key = :upload_key
