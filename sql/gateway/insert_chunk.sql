insert into journal.chunk (upload_key, chunk_no, sha256, size, object_key)
values (:upload_key, :chunk_no, :sha256, :size, :object_key)
