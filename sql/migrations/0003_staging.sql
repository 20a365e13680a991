-- Where a message stands between decoding and merging: one unlogged partition for each message and dataset.
-- `cause` null = the record may enter; `is_repeat` = the same record again; `exit` is set by the merge,
-- and so are the surrogate keys of what changed. `ends_at`: when a value that comes late was replaced. Columns follow tasks/model/datasets.py.

create schema staging;

create table staging.groups (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    parent_id text,
    name text,
    classifier_id text,
    is_deleted boolean,
    version text,
    extra jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.properties (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    name text,
    description text,
    classifier_id text,
    value_type text,
    is_required boolean,
    is_multiple boolean,
    for_goods boolean,
    for_offers boolean,
    is_external boolean,
    choices jsonb,
    is_deleted boolean,
    version text,
    extra jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.categories (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    name text,
    property_ids jsonb,
    is_deleted boolean,
    version text,
    extra jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.units (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    code text,
    name text,
    full_name text,
    international text,
    is_deleted boolean,
    version text,
    extra jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.price_types (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    name text,
    currency text,
    tax_name text,
    is_tax_included boolean,
    is_deleted boolean,
    version text,
    extra jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.warehouses (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    name text,
    address text,
    is_deleted boolean,
    version text,
    extra jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.goods (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    catalog_id text,
    name text,
    full_name text,
    article text,
    code text,
    barcode text,
    part_number text,
    description text,
    is_description_html boolean,
    kind text,
    item_type text,
    unit_code text,
    unit_name text,
    packages jsonb,
    pack_qty numeric,
    weight_kg numeric,
    volume_m3 numeric,
    availability_note text,
    group_ids jsonb,
    category_id text,
    country text,
    brand text,
    manufacturer_id text,
    manufacturer_name text,
    vat_rate text,
    taxes jsonb,
    pictures jsonb,
    properties jsonb,
    characteristics jsonb,
    requisites jsonb,
    is_deleted boolean,
    version text,
    extra jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.offers (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    product_id text,
    characteristic_id text,
    catalog_id text,
    name text,
    article text,
    barcode text,
    unit_code text,
    unit_name text,
    packages jsonb,
    characteristics jsonb,
    properties jsonb,
    requisites jsonb,
    is_bare boolean,
    is_deleted boolean,
    version text,
    extra jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.prices (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    offer_id text,
    price_type_id text,
    amount numeric,
    currency text,
    unit text,
    coefficient numeric,
    min_qty numeric,
    presentation text,
    tax_name text,
    is_tax_included boolean,
    extra jsonb,
    ends_at timestamptz,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.stock (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    offer_id text,
    warehouse_id text,
    quantity numeric,
    extra jsonb,
    ends_at timestamptz,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.movements (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    offer_id text,
    warehouse_id text,
    kind text,
    document text,
    line text,
    quantity numeric,
    moved_at text,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.counterparties (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    name text,
    body jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

create table staging.documents (
    message_key bigint not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text collate "C" not null,
    digest uuid not null,
    id text,
    number text,
    date text,
    operation text,
    body jsonb,
    is_repeat boolean not null default false,
    cause text,
    place text,
    value text,
    expected text,
    exit text not null default 'unchanged' check (exit in ('accepted', 'unchanged', 'refused'))
) partition by list (message_key);

-- Records that could not even be decoded.
create table staging.faults (
    message_key bigint not null,
    dataset text not null,
    record_no bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    key text not null,
    cause text not null,
    place text not null,
    value text not null,
    expected text not null
) partition by list (message_key);

-- What the reader learned of the file, for the steps after it. `slicing`: how it was read by slices, and which it passed over.
create table staging.reading (
    message_key bigint primary key,
    heading jsonb not null,
    rules jsonb not null,
    file_fault jsonb,
    slicing jsonb
);

-- What differs from what we hold, with its surrogate keys. Apart from the records: to mark a million of them would
-- write each of them again.
create table staging.changed_offers (
    message_key bigint not null,
    record_no bigint not null
) partition by list (message_key);

create table staging.changed_prices (
    message_key bigint not null,
    record_no bigint not null,
    offer_key bigint not null,
    price_type_key integer not null,
    unit text not null,
    min_qty numeric not null,
    amount numeric not null,
    currency text,
    coefficient numeric,
    presentation text,
    tax_name text,
    is_tax_included boolean,
    extra jsonb,
    digest uuid not null,
    ends_at timestamptz
) partition by list (message_key);

create table staging.changed_stock (
    message_key bigint not null,
    record_no bigint not null,
    offer_key bigint not null,
    warehouse_key integer not null,
    quantity numeric not null,
    ends_at timestamptz
) partition by list (message_key);

create function staging.datasets() returns text[] language sql immutable as $$
    select array['groups', 'properties', 'categories', 'units', 'price_types', 'warehouses', 'goods', 'offers',
                 'prices', 'stock', 'movements', 'counterparties', 'documents', 'faults']
$$;

create function staging.partitioned() returns text[] language sql immutable as $$
    select staging.datasets() || array['changed_offers', 'changed_prices', 'changed_stock']
$$;

-- Opens the partitions of one message, empty: the same message again starts from nothing.
-- Attaching, unlike `partition of`, does not wait for those who read other messages.
create function staging.open_message(message bigint) returns void language plpgsql security definer
set search_path = pg_catalog as $$
declare
    dataset text;
    partition text;
begin
    foreach dataset in array staging.partitioned() loop
        partition := dataset || '_' || message;
        if to_regclass(format('staging.%I', partition)) is not null then
            execute format('truncate staging.%I', partition);
            continue;
        end if;
        execute format('create unlogged table staging.%I (like staging.%I including defaults including constraints)',
                       partition, dataset);
        execute format('alter table staging.%I add check (message_key = %L)', partition, message);
        execute format('alter table staging.%I attach partition staging.%I for values in (%L)',
                       dataset, partition, message);
        execute format('grant select, insert, update, delete on staging.%I to obmen_flow', partition);
        execute format('grant select on staging.%I to obmen_auditor', partition);
    end loop;
end $$;

-- Without statistics the planner takes a full partition for an empty one; a small sample tells it enough.
create function staging.analyze_message(message bigint) returns void language plpgsql security definer
set search_path = pg_catalog set default_statistics_target = 10 as $$
declare
    dataset text;
begin
    foreach dataset in array staging.datasets() loop
        execute format('analyze staging.%I', dataset || '_' || message);
    end loop;
end $$;

-- The same of the warehouse's own tables, when they have grown since the planner last looked: on a first load it takes
-- them for empty, and reads all of one for each row of the other.
create function core.analyze_grown() returns void language plpgsql security definer
set search_path = pg_catalog set default_statistics_target = 10 as $$
declare
    grown regclass;
begin
    for grown in
        select oid::regclass from pg_class
        where oid in ('core.product_group'::regclass, 'core.product'::regclass, 'core.offer'::regclass,
                      'core.price'::regclass, 'core.stock'::regclass)
          and pg_relation_size(oid) > 8192 * (1.5 * relpages + 8)
    loop
        execute format('analyze %s', grown);
    end loop;
end $$;

-- Drops them; false when somebody reads another message just now: then they stay, and are dropped later.
create function staging.drop_message(message bigint) returns boolean language plpgsql security definer
set search_path = pg_catalog set lock_timeout = '2s' as $$
declare
    dataset text;
begin
    foreach dataset in array staging.partitioned() loop
        execute format('drop table if exists staging.%I', dataset || '_' || message);
    end loop;
    delete from staging.reading where message_key = message;
    delete from staging.superseded where message_key = message;
    return true;
exception when lock_not_available then
    return false;
end $$;

-- What closed messages left behind.
create function staging.leftovers() returns setof bigint language sql stable security definer
set search_path = pg_catalog as $$
    select message.message_key from journal.message
    where message.state <> 'received' and to_regclass('staging.faults_' || message.message_key) is not null
$$;

-- The same key twice: with the same content a repeat, with other content none of them gets in.
-- Where the reader saw that no offer, price or quantity stands twice, these are not looked at.
create function staging.mark_repeats(message bigint, has_repeats boolean) returns void language plpgsql
set search_path = pg_catalog as $$
declare
    dataset text;
begin
    foreach dataset in array staging.datasets() loop
        continue when dataset = 'faults' or not has_repeats and dataset in ('offers', 'prices', 'stock');
        execute format($mark$
            with twice as (
                select key, count(distinct digest) > 1 as is_conflict, min(record_no) as first_no
                from staging.%1$I where message_key = %2$L group by key having count(*) > 1
            )
            update staging.%1$I as staged set
                is_repeat = not twice.is_conflict and staged.record_no > twice.first_no,
                cause = case when twice.is_conflict then 'DUP_CONFLICT' end,
                place = case when twice.is_conflict then 'Ид' end,
                value = case when twice.is_conflict then staged.key end,
                expected = case when twice.is_conflict then '' end,
                exit = case when twice.is_conflict then 'refused' else 'unchanged' end
            from twice
            where staged.message_key = %2$L and staged.key = twice.key and staged.cause is null
        $mark$, dataset, message);
    end loop;
end $$;

-- Records of a late message of which something newer was known before it came. `ends_at`: since when that holds.
create unlogged table staging.superseded (
    message_key bigint not null,
    dataset text not null,
    record_no bigint not null,
    ends_at timestamptz not null,
    primary key (message_key, dataset, record_no)
);

-- What a sender told, and in which order. Two orders, for a session of 1C that was given up may end after a newer one:
-- * told: by session, then by message. Of goods and all that has names, what was told last is true.
-- * formed: by the moment since which a file's values hold. Of prices and stock, what was formed last is the present,
--   whenever it comes; a file that was formed before brings history. A file formed after it came has a wrong clock:
--   its values hold from its arrival. An old message once more is as old as its source, a member as its archive.
create view journal.telling as
select message.message_key, message.partner_key, message.exchange, message.state, message.manifest_key,
       message.received_at as arrived_at, coalesce(message.session_key, source.session_key) as session_key,
       coalesce(archive.message_key, source.message_key, message.message_key) as root_key,
       coalesce(source.message_key, message.message_key) as source_key,
       coalesce(archive.received_at, source.received_at, message.received_at) as received_at,
       least(message.formed_at, coalesce(archive.received_at, source.received_at, message.received_at)) as valid_from
from journal.message
left join journal.message as source
    on source.message_key = message.parent_key and message.origin in ('replay', 'salvage')
left join journal.message as archive
    on archive.message_key = coalesce(source.parent_key, message.parent_key)
    and coalesce(source.origin, message.origin) = 'member';
create index on journal.message (partner_key, exchange, received_at);

-- Of what has a name, something newer is known: such a record is a repeat. A price or a quantity that something formed
-- later has replaced since holds until then; one that was replaced at once is a repeat too.
create function staging.mark_superseded(message bigint, holds_from timestamptz) returns void
language plpgsql set search_path = pg_catalog as $$
declare
    dataset text;
begin
    foreach dataset in array staging.datasets() loop
        continue when dataset in ('faults', 'counterparties', 'documents');
        execute format(case when dataset in ('prices', 'stock') then $mark$
            update staging.%1$I as staged set ends_at = newer.ends_at, is_repeat = is_repeat or newer.ends_at <= %3$L
            from staging.superseded as newer
            where staged.message_key = %2$L and newer.message_key = %2$L and newer.dataset = %1$L
              and newer.record_no = staged.record_no and staged.cause is null
        $mark$ else $mark$
            update staging.%1$I as staged set is_repeat = true
            from staging.superseded as newer
            where staged.message_key = %2$L and newer.message_key = %2$L and newer.dataset = %1$L
              and newer.record_no = staged.record_no and staged.cause is null
        $mark$ end, dataset, message, holds_from);
    end loop;
end $$;

-- All records of all datasets as one list: what books, manifest and refusals are made from.
create view staging.record as
select message_key, 'groups'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.groups
union all
select message_key, 'properties'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.properties
union all
select message_key, 'categories'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.categories
union all
select message_key, 'units'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.units
union all
select message_key, 'price_types'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.price_types
union all
select message_key, 'warehouses'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.warehouses
union all
select message_key, 'goods'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.goods
union all
select message_key, 'offers'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.offers
union all
select message_key, 'prices'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.prices
union all
select message_key, 'stock'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.stock
union all
select message_key, 'movements'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.movements
union all
select message_key, 'counterparties'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.counterparties
union all
select message_key, 'documents'::text as dataset, record_no, byte_offset, byte_length, key,
       replace(digest::text, '-', '') as digest, exit, cause, place, value, expected
from staging.documents
union all
select message_key, dataset, record_no, byte_offset, byte_length, key,
       '', 'refused', cause, place, value, expected
from staging.faults;
