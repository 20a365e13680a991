-- The messages that may have brought a row its values: the one that wrote it last, then those before it.
select message.message_key, message.file_name, message.object_key, message.sha256, message.manifest_key,
       message.dialect, message.heading ->> 'encoding' as encoding
from journal.message
join journal.books using (message_key)
where message.partner_key = (select partner_key from journal.message where message_key = :message_key)
  and message.message_key <= :message_key and message.manifest_key is not null
  and books.dataset = :dataset and books.accepted > 0
order by message.message_key desc
limit :most
