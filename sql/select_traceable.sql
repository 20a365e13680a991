-- The row as JSON, so that any column can be asked for. A key may be given without its last parts, and an Ид as its
-- sender writes it.
select traced.key, traced.dataset, traced.row as values, traced.message_key
from journal.partner
join core.traceable as traced on traced.partner_key = partner.partner_key
where partner.name = :partner and traced.table_name = :table
  and (traced.key = :key or starts_with(traced.key, :key || '|') or starts_with(traced.key, core.key_part(:key) || '|'))
order by traced.key <> :key, traced.key
limit 10
