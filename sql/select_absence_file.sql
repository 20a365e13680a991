-- The file that made a quantity 0 by not naming its warehouse, and who agreed.
select message.message_key, message.file_name, message.object_key, message.sha256, message.manifest_key,
       message.dialect, message.heading ->> 'encoding' as encoding,
       core.key_head(absence.key) as offer_id, core.key_part(core.key_head(absence.key)) || '|' as figures_begin,
       absence.list_key, absence.decided_by, absence.was
from core.stock_absence as absence
join journal.message using (message_key)
where absence.message_key = :message_key and absence.key = :key and message.manifest_key is not null
