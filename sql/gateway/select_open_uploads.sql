select upload_key, file_name
from journal.upload
where session_key = :session_key and sealed_at is null
order by upload_key
