-- What a sender's slices gave when they were last read: a slice with the same bytes need not be read again.
-- A stream is one kind of file of a sender (offers, prices, rests). Its slices lie in the store; later objects go first.

create table journal.baseline (
    partner_key integer not null references journal.partner,
    exchange text not null,
    stream text not null,
    context bytea not null,
    object_keys text[] not null,
    slices bigint not null,
    message_key bigint not null references journal.message,
    primary key (partner_key, exchange, stream)
);
comment on column journal.baseline.context is 'Hash of all that decides what bytes mean: rules, terms, encoding. Another context begins anew.';

-- Offers of which something else has told since, or that were withdrawn: their slices must be read again.
create table journal.stale_slice (
    partner_key integer not null references journal.partner,
    exchange text not null,
    stream text not null,
    key text collate "C" not null,
    primary key (partner_key, exchange, stream, key)
);

grant select, insert, update, delete on journal.baseline, journal.stale_slice to obmen_flow;
grant select on journal.baseline, journal.stale_slice to obmen_auditor;
