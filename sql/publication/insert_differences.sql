insert into journal.difference (partner_key, dataset, key, kind, field, ours, theirs)
select :portal_key, dataset, key, kind, field, ours, theirs
from jsonb_to_recordset(cast(:found as jsonb) -> 'found') as found (dataset text, key text, kind text, field text, ours text, theirs text)
on conflict (partner_key, dataset, key, kind, field) where gone_at is null do nothing
