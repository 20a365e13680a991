select object_key, sha256, size from journal.chunk where upload_key = :upload_key order by chunk_no
