insert into journal.difference (partner_key, dataset, key, kind, field, ours, theirs)
select :portal_key, dataset, key, kind, field, ours, theirs
from found
on conflict (partner_key, dataset, key, kind, field) where gone_at is null do nothing
