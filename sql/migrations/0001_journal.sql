-- What every exchange leaves behind: double entry for records. Design, section 4.

create schema journal;

create table journal.partner (
    partner_key integer generated always as identity primary key,
    name text collate "C" not null unique,
    time_zone text not null default 'Europe/Moscow',
    state text not null default 'active' check (state in ('draft', 'active', 'paused', 'closed')),
    settings jsonb not null default '{}',
    changed_at timestamptz not null default now()
);
comment on table journal.partner is 'A partner as the flows last read its block: a name for the keys of all other tables.';

-- The door 1C knocks at.
create table journal.door (
    login text collate "C" primary key,
    partner_key integer not null references journal.partner,
    password_hash text not null,
    is_open boolean not null default true,
    changed_at timestamptz not null default now()
);
comment on table journal.door is 'Who may enter the gateway: argon2 hashes, never passwords.';

create table journal.session (
    session_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    login text collate "C" not null default '',
    token_hash bytea not null unique,
    exchange_type text not null,
    version text,
    peer text not null,
    user_agent text not null default '',
    opened_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    completed_at timestamptz,
    counters jsonb not null default '{}',
    upload_count integer not null default 0,
    upload_bytes bigint not null default 0
);
comment on column journal.session.counters is 'What the sender said of the whole session, e.g. the timestamp of mode=deactivate.';
create index on journal.session (partner_key, session_key);
create index on journal.session (login, session_key);

create table journal.knock (
    knock_key bigint generated always as identity primary key,
    at timestamptz not null default now(),
    session_key bigint references journal.session,
    login text not null default '',
    peer text not null,
    exchange_type text not null default '',
    mode text not null default '',
    file_name text not null default '',
    body_bytes bigint not null default 0,
    duration_ms integer not null,
    status smallint not null,
    answer text not null
);
comment on table journal.knock is 'Every request to the gateway with its answer''s first line; never a secret.';
create index on journal.knock (at);

-- One received or formed file. The bytes lie in the object store and never change.
create table journal.message (
    message_key bigint generated always as identity primary key,
    message_uuid uuid not null default gen_random_uuid() unique,
    partner_key integer not null references journal.partner,
    exchange text not null,
    direction text not null check (direction in ('in', 'out')),
    dialect text,
    sha256 bytea not null check (length(sha256) = 32),
    size bigint not null check (size >= 0),
    object_key text not null,
    file_name text not null,
    session_key bigint references journal.session,
    parent_key bigint references journal.message,
    origin text not null default 'received'
        check (origin in ('received', 'member', 'replay', 'salvage', 'formed')),
    replays jsonb not null default '{}',
    sender_counters jsonb not null default '{}',
    received_at timestamptz not null default now(),
    state text not null default 'received' check (state in ('received', 'closed', 'refused', 'formed')),
    epoch bigint,
    formed_at timestamptz,
    extent text check (extent in ('full', 'changes')),
    heading jsonb not null default '{}',
    rules jsonb not null default '{}',
    manifest_key text,
    merkle_root bytea check (length(merkle_root) = 32),
    report_key text,
    closed_at timestamptz,
    check ((state = 'received') = (closed_at is null)),
    check ((direction = 'out') = (state = 'formed'))
);
create index on journal.message (partner_key, exchange, message_key) where state = 'received';
create index on journal.message (session_key, file_name);
create index on journal.message (parent_key) where parent_key is not null;

-- Records read = accepted + unchanged + refused, per message and dataset. The dataset 'file' is the file itself.
create table journal.books (
    message_key bigint not null references journal.message,
    dataset text not null,
    received bigint not null check (received >= 0),
    accepted bigint not null check (accepted >= 0),
    unchanged bigint not null check (unchanged >= 0),
    refused bigint not null check (refused >= 0),
    written_at timestamptz not null default now(),
    primary key (message_key, dataset),
    constraint books_balance check (received = accepted + unchanged + refused)
);

create function journal.closing_needs_books() returns trigger language plpgsql as $$
begin
    if new.state <> 'received' and not exists (
        select from journal.books
        where message_key = new.message_key and dataset = 'file' and xmin = pg_current_xact_id()::xid
    ) then
        raise exception 'message % leaves state received without books of the same transaction', new.message_key;
    end if;
    if old.state <> 'received' then
        raise exception 'message % is % and cannot change its state', new.message_key, old.state;
    end if;
    return null;
end $$;
create constraint trigger message_closes_with_books after update of state on journal.message
    deferrable initially deferred for each row
    when (old.state is distinct from new.state) execute function journal.closing_needs_books();

create table journal.refusal (
    refusal_key bigint generated always as identity primary key,
    message_key bigint not null references journal.message,
    dataset text not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    natural_key text not null,
    cause text not null,
    place text not null,
    value text not null,
    sentence text not null,
    sentence_ru text not null,
    state text not null default 'open' check (state in ('open', 'replayed', 'waived')),
    refused_at timestamptz not null default now(),
    resolved_at timestamptz,
    replay_message_key bigint references journal.message,
    waived_by text,
    waived_why text,
    check ((state = 'waived') = (waived_by is not null and waived_by <> '')),
    check ((state = 'replayed') = (replay_message_key is not null)),
    check ((state = 'open') = (resolved_at is null)),
    unique (message_key, dataset, record_no, cause, place)
);
create index on journal.refusal (cause, message_key) where state = 'open';

-- Every effect outside: planned -> sending -> delivered | failed | in_doubt -> resolved.
create table journal.delivery (
    delivery_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    exchange text not null,
    kind text not null,
    idempotency_key text collate "C" not null unique,
    message_key bigint references journal.message,
    body jsonb not null default '{}',
    state text not null default 'planned'
        check (state in ('planned', 'sending', 'delivered', 'failed', 'in_doubt', 'resolved')),
    attempts integer not null default 0,
    epoch bigint,
    answer text,
    planned_at timestamptz not null default now(),
    sent_at timestamptz,
    ended_at timestamptz,
    question text not null default '',
    resolved_by text,
    resolved_as text check (resolved_as in ('delivered', 'dropped')),
    resolved_why text,
    check ((state = 'resolved') = (resolved_by is not null)),
    check ((state = 'resolved') = (resolved_as is not null))
);
comment on column journal.delivery.question is 'Of a delivery in doubt: what to ask whom, in a sentence.';
create index on journal.delivery (partner_key, exchange, delivery_key)
    where state in ('planned', 'sending', 'failed', 'in_doubt');

-- Watermarks and counters: move last, only forward, in the transaction of what they count.
create table journal.checkpoint (
    partner_key integer not null references journal.partner,
    exchange text not null,
    name text not null,
    position bigint not null,
    message_key bigint references journal.message,
    moved_at timestamptz not null default now(),
    primary key (partner_key, exchange, name)
);
create function journal.checkpoint_moves_forward() returns trigger language plpgsql as $$
begin
    if new.position < old.position then
        raise exception 'checkpoint %/%/% would move back from % to %',
            old.partner_key, old.exchange, old.name, old.position, new.position;
    end if;
    return new;
end $$;
create trigger checkpoint_moves_forward before update on journal.checkpoint
    for each row execute function journal.checkpoint_moves_forward();

-- The right to write for a partner and exchange: whoever has the newest epoch. A zombie has an older one.
create table journal.lease (
    partner_key integer not null references journal.partner,
    exchange text not null,
    epoch bigint not null,
    holder text not null,
    renewed_at timestamptz not null default now(),
    primary key (partner_key, exchange)
);

create table journal.run (
    run_key bigint generated always as identity primary key,
    exchange text not null,
    partner_key integer references journal.partner,
    epoch bigint,
    holder text not null,
    started_by text not null default '',
    parameters jsonb not null default '{}',
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    outcome text check (outcome in ('completed', 'failed', 'skipped')),
    summary jsonb not null default '{}'
);
create index on journal.run (exchange, partner_key, ended_at) where outcome = 'completed';

-- An upload through the gateway until it is sealed into a message.
create table journal.upload (
    upload_key bigint generated always as identity primary key,
    session_key bigint not null references journal.session,
    file_name text not null,
    opened_at timestamptz not null default now(),
    touched_at timestamptz not null default now(),
    size bigint not null default 0,
    sealed_at timestamptz,
    message_key bigint references journal.message,
    check ((sealed_at is null) = (message_key is null))
);
create unique index on journal.upload (session_key, file_name) where sealed_at is null;
create index on journal.upload (touched_at) where sealed_at is null;

create table journal.chunk (
    upload_key bigint not null references journal.upload,
    chunk_no integer not null,
    sha256 bytea not null check (length(sha256) = 32),
    size bigint not null,
    object_key text not null,
    stored_at timestamptz not null default now(),
    primary key (upload_key, chunk_no)
);

create view journal.unbalanced as
select message.message_key, message.state
from journal.message
where message.state <> 'received'
  and not exists (
      select from journal.books where books.message_key = message.message_key and books.dataset = 'file'
  );
comment on view journal.unbalanced is 'Closed messages without books: always empty, or the promise is broken.';

create view journal.open_refusals as
select partner.name as partner, message.exchange, refusal.cause, count(*) as records,
       min(refusal.refused_at) as oldest_at, min(refusal.sentence) as example
from journal.refusal
join journal.message using (message_key)
join journal.partner using (partner_key)
where refusal.state = 'open'
group by partner.name, message.exchange, refusal.cause;
