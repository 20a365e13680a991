-- Whoever holds this row seals it; whoever comes later finds it sealed.
select
    upload.upload_key, upload.file_name, upload.size, upload.message_key, upload.session_key,
    session.partner_key, session.version, session.counters, partner.name as partner
from journal.upload
join journal.session using (session_key)
join journal.partner using (partner_key)
where upload.upload_key = :upload_key
for update of upload
