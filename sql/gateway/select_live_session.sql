select session_key
from journal.session
where login = :login and partner_key = :partner_key and expires_at > now()
order by session_key desc
limit 1
