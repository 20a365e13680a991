-- The messages of a source that may have brought a record its values before a package was formed, newest first.
select message.message_key, message.file_name, message.object_key, message.sha256, message.manifest_key,
       message.dialect, message.heading ->> 'encoding' as encoding
from journal.message
join journal.books using (message_key)
where message.partner_key = :source_key and message.message_key < :before and message.direction = 'in'
  and message.manifest_key is not null and books.dataset = :dataset and books.accepted > 0
order by message.message_key desc
limit :most
