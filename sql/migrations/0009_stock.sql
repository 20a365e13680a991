-- Stock: what is absent from a whole file, movements that close, and who sees which quantities.

-- The parts of the key of a quantity, as core.key_part made them.
create function core.key_head(key text) returns text language sql immutable as $$
    select regexp_replace(substring(key from '^((?:[^|\\]|\\.)*)\|'), '\\(.)', '\1', 'g')
$$;
create function core.key_tail(key text) returns text language sql immutable as $$
    select regexp_replace(substring(key from '^(?:[^|\\]|\\.)*\|(.*)$'), '\\(.)', '\1', 'g')
$$;

-- Tells a quantity from the one that a later message brings, be it as large.
create function core.stock_digest(message_key bigint, quantity numeric) returns uuid language sql immutable as $$
    select md5(message_key || '|' || trim_scale(quantity))::uuid
$$;

-- Each file may have its own list of absent quantities: an offer stands in one file of an export, so no list takes the
-- place of another.
drop index journal.one_list_waits;
create unique index one_list_waits on journal.deletion_list
    (partner_key, direction, exchange, dataset, (case when dataset = 'stock' then message_key end))
    nulls not distinct where state = 'waiting';

-- Quantities that are 0 because a whole file did not name them, and by whose leave.
create view core.stock_absence as
select list.partner_key, list.message_key, deletion.key, deletion.name as was, list.list_key, list.decided_by, deletion.done_at
from journal.deletion
join journal.deletion_list as list using (list_key)
where list.direction = 'in' and deletion.dataset = 'stock' and deletion.done_at is not null;

grant select on core.stock_absence to obmen_flow, obmen_reader, obmen_auditor;
