-- Where a message stands between decoding and merging: one unlogged partition for each message and dataset.
-- `cause` null = the record may enter; `is_repeat` = the same record again; `exit` is set by the merge. Columns follow tasks/model/datasets.py.

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

-- What the reader learned of the file, for the steps after it.
create table staging.reading (
    message_key bigint primary key,
    heading jsonb not null,
    rules jsonb not null,
    file_fault jsonb
);

-- Opens the partitions of one message; the same message again starts from nothing (a killed run leaves no rows behind).
create function staging.open_message(message bigint) returns void language plpgsql security definer
set search_path = pg_catalog as $$
declare
    dataset text;
begin
    perform staging.drop_message(message);
    foreach dataset in array staging.datasets() loop
        execute format('create unlogged table staging.%I partition of staging.%I for values in (%L)',
                       dataset || '_' || message, dataset, message);
        execute format('grant select, insert, update, delete on staging.%I to obmen_flow', dataset || '_' || message);
        execute format('grant select on staging.%I to obmen_auditor', dataset || '_' || message);
    end loop;
end $$;

create function staging.drop_message(message bigint) returns void language plpgsql security definer
set search_path = pg_catalog as $$
declare
    dataset text;
begin
    foreach dataset in array staging.datasets() loop
        execute format('drop table if exists staging.%I', dataset || '_' || message);
    end loop;
    delete from staging.reading where message_key = message;
end $$;

create function staging.datasets() returns text[] language sql immutable as $$
    select array['groups', 'properties', 'categories', 'units', 'price_types', 'warehouses', 'goods', 'offers', 'prices', 'stock', 'counterparties', 'documents', 'faults']
$$;
