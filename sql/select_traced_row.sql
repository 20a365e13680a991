-- The row as JSON, so that any column can be asked for; the message that wrote it last knows the bytes.
select
    coalesce(held.row ->> :column, 'null') as value, traced.dataset, message.message_key, message.file_name,
    message.object_key, message.sha256, message.manifest_key, message.heading ->> 'encoding' as encoding
from journal.partner
join core.traceable as traced on traced.partner_key = partner.partner_key
join journal.message on message.message_key = traced.message_key
cross join lateral (select traced.row) as held (row)
where partner.name = :partner and traced.table_name = :table and traced.key = :key
  and held.row ? :column and message.manifest_key is not null
