-- What we show to whom, and how each package that told of it fared. Design, sections 4 and 6.

-- The outbox: written in the transaction of the change, so that no portal can fail to hear of it.
create table journal.notice (
    notice_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    message_key bigint not null references journal.message,
    made_at timestamptz not null default now(),
    settled_at timestamptz,
    delivery_key bigint references journal.delivery,
    unique (partner_key, message_key)
);
comment on table journal.notice is 'A portal must hear of a message. Settled without a delivery: it held nothing for this portal.';
create index on journal.notice (partner_key) where settled_at is null;
create index on journal.notice (message_key);

-- The files of a package, in the order in which they go. A picture is no message of its own.
create table journal.parcel (
    delivery_key bigint not null references journal.delivery,
    position integer not null,
    name text not null,
    object_key text not null,
    sha256 bytea not null check (length(sha256) = 32),
    size bigint not null,
    message_key bigint references journal.message,
    primary key (delivery_key, position),
    unique (delivery_key, name)
);

-- Every sending of a package and what was answered.
create table journal.attempt (
    delivery_key bigint not null references journal.delivery,
    attempt_no integer not null,
    epoch bigint not null,
    sent_at timestamptz not null,
    ended_at timestamptz not null default now(),
    outcome text not null check (outcome in ('delivered', 'failed', 'in_doubt')),
    answer text not null,
    primary key (delivery_key, attempt_no)
);

-- The records that a package carries: what each does to the other side, and in which file it stands.
create table journal.carried (
    delivery_key bigint not null references journal.delivery,
    dataset text not null,
    key text collate "C" not null,
    of_key text collate "C",
    effect text not null check (effect in ('create', 'update', 'delete')),
    digest uuid,
    message_key bigint references journal.message,
    primary key (delivery_key, dataset, key),
    check ((effect = 'delete') = (digest is null))
);
comment on column journal.carried.of_key is 'Of a price or a quantity: the offer it belongs to.';
create index on journal.carried (dataset, key);

-- What a portal will hold when all packages have arrived (planned), and what it said it holds (acked).
create table journal.shown (
    partner_key integer not null references journal.partner,
    dataset text not null,
    key text collate "C" not null,
    of_key text collate "C",
    planned_digest uuid,
    planned_in bigint not null references journal.delivery,
    acked_digest uuid,
    acked_in bigint references journal.delivery,
    primary key (partner_key, dataset, key)
);

-- What read-back found to differ. Open as long as `gone_at` is null.
create table journal.difference (
    difference_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    dataset text not null,
    key text collate "C" not null,
    kind text not null check (kind in ('missing_at_target', 'unknown_at_target', 'different', 'lag')),
    field text not null default '',
    ours text,
    theirs text,
    found_at timestamptz not null default now(),
    gone_at timestamptz
);
comment on column journal.difference.kind is
    'lag: it differs because the portal has not acknowledged our latest word yet; anything else is a difference.';
create unique index one_difference on journal.difference (partner_key, dataset, key, kind, field)
    where gone_at is null;

create view journal.missing_at_target as
select partner.name as portal, difference.dataset, difference.key, difference.found_at
from journal.difference
join journal.partner using (partner_key)
where difference.kind = 'missing_at_target' and difference.gone_at is null;

create view journal.open_deliveries as
select partner.name as portal, delivery.delivery_key, delivery.state, delivery.attempts, delivery.planned_at,
       delivery.sent_at, delivery.answer, delivery.question
from journal.delivery
join journal.partner using (partner_key)
where delivery.state in ('planned', 'sending', 'failed', 'in_doubt');

-- The tables of one projection. They are temporary: a plan writes nothing.
create function journal.open_projection() returns void language plpgsql as $$
begin
    create temporary table chosen_group (
        id text collate "C" primary key, parent_id text collate "C", name text
    ) on commit drop;
    create temporary table chosen_product (
        product_key bigint primary key, id text collate "C" not null, group_ids jsonb not null
    ) on commit drop;
    create temporary table projection (
        dataset text not null, key text collate "C" not null, of_key text collate "C", digest uuid not null,
        primary key (dataset, key)
    ) on commit drop;
    create temporary table delta (
        dataset text not null, key text collate "C" not null, of_key text collate "C", effect text not null,
        digest uuid, before uuid, primary key (dataset, key)
    ) on commit drop;
    create temporary table carried_offer (id text collate "C" primary key) on commit drop;
end $$;

-- Two holdings to compare, as (dataset, key, field, value); an empty field says that the record is there. Ours is lag
-- where the portal has not taken it up as it is now, and promised where it has taken it up in any form.
create function journal.open_holdings() returns void language plpgsql as $$
begin
    create temporary table theirs (
        dataset text not null, key text collate "C" not null, field text not null, value text
    ) on commit drop;
    create temporary table ours (
        like theirs, is_lag boolean not null default false, is_promised boolean not null default true
    ) on commit drop;
end $$;

grant select, insert, update on journal.notice, journal.parcel, journal.attempt, journal.carried,
    journal.shown, journal.difference to obmen_flow;
revoke update on journal.parcel, journal.attempt, journal.carried from obmen_flow;
grant select on journal.missing_at_target, journal.open_deliveries to obmen_flow, obmen_reader, obmen_auditor;
grant select on journal.notice, journal.parcel, journal.attempt, journal.carried, journal.shown,
    journal.difference to obmen_auditor;
do $$ begin
    execute format('grant temporary on database %I to obmen_flow', current_database());
end $$;
