-- What would be deleted, and who said so. Design, section 5: nothing goes by absence past the brake.

-- Deletions of one kind that belong together: done at once within the partner's limits, or waiting for a person.
create table journal.deletion_list (
    list_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    direction text not null check (direction in ('in', 'out')),
    exchange text not null,
    dataset text not null,
    message_key bigint references journal.message,
    would_go bigint not null check (would_go > 0),
    held bigint not null check (held >= 0),
    share_max double precision not null,
    count_max bigint not null,
    reason text not null,
    content bytea not null check (length(content) = 32),
    state text not null default 'waiting' check (state in ('waiting', 'confirmed', 'dropped', 'overtaken')),
    decided_by text,
    decided_why text,
    made_at timestamptz not null default clock_timestamp(),
    decided_at timestamptz,
    check ((state = 'waiting') = (decided_at is null)),
    check ((state = 'waiting') = (decided_by is null)),
    check (state not in ('confirmed', 'dropped') or decided_by <> '' and decided_why <> '')
);
comment on column journal.deletion_list.partner_key is
    'In: whose catalog would lose the records. Out: the portal at which they would be deleted.';
comment on column journal.deletion_list.message_key is 'In: the file with which the whole export begins.';
comment on column journal.deletion_list.held is 'So many records of the dataset are held now, those that would go among them.';
comment on column journal.deletion_list.content is 'SHA-256 of the rows: the same deletions do not wait twice.';
create unique index one_list_waits on journal.deletion_list (partner_key, direction, exchange, dataset)
    where state = 'waiting';

create table journal.deletion (
    list_key bigint not null references journal.deletion_list,
    dataset text not null,
    key text collate "C" not null,
    name text,
    digest uuid,
    returned_in bigint references journal.message,
    done_at timestamptz,
    primary key (list_key, dataset, key)
);
comment on column journal.deletion.returned_in is 'A later file holds the record: it is not deleted, whatever is said to the list.';
comment on column journal.deletion.done_at is 'When it was withdrawn (in).';

-- Without statistics the planner takes a new list for an empty one, and a long one takes hours.
create function journal.analyze_deletions() returns void language plpgsql security definer
set search_path = pg_catalog set default_statistics_target = 10 as $$
begin
    analyze journal.deletion;
end $$;
revoke execute on function journal.analyze_deletions from public;
grant execute on function journal.analyze_deletions to obmen_flow;

create view journal.waiting_deletions as
select list_key, partner.name as partner, direction, exchange, dataset, would_go, held, reason, made_at
from journal.deletion_list
join journal.partner using (partner_key)
where deletion_list.state = 'waiting'
order by made_at;
comment on view journal.waiting_deletions is 'Lists that the brake holds: answer with the deployments confirm or drop.';

-- The full exports of accounting bases, as they were told apart: what the next one is measured by.
create table journal.full_export (
    begin_key bigint primary key references journal.message,
    end_key bigint not null references journal.message,
    partner_key integer not null references journal.partner,
    exchange text not null,
    goods_files integer not null,
    goods bigint not null,
    groups bigint not null,
    is_end_said boolean not null,
    outcome text not null check (outcome in ('whole', 'doubtful', 'held', 'unfinished')),
    doubts text not null,
    settled_at timestamptz not null default clock_timestamp()
);
comment on column journal.full_export.outcome is
    'whole: what it does not hold is withdrawn. held: a list waits or waited. doubtful: parts of it seem to miss, nothing would go. unfinished: the sender broke off.';
create index on journal.full_export (partner_key, exchange, begin_key);

grant select, insert, update on journal.deletion_list, journal.deletion, journal.full_export to obmen_flow;
grant select on journal.waiting_deletions to obmen_flow, obmen_reader, obmen_auditor;
grant select on journal.deletion_list, journal.deletion to obmen_reader;
grant select on journal.deletion_list, journal.deletion, journal.full_export to obmen_auditor;
