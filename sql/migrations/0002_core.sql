-- The warehouse proper: the catalog and prices of every accounting base that sends to us.
-- Keys of the sender are text; volume tables hang on compact surrogate keys (two text keys make a merge 4 times slower).

create schema core;

create table core.product_group (
    group_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    id text collate "C" not null,
    parent_id text collate "C",
    name text,
    classifier_id text,
    is_deleted boolean,
    version text,
    extra jsonb,
    digest uuid not null,
    message_key bigint not null references journal.message,
    withdrawn_at timestamptz,
    unique (partner_key, id)
);

create table core.property (
    property_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    id text collate "C" not null,
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
    digest uuid not null,
    message_key bigint not null references journal.message,
    withdrawn_at timestamptz,
    unique (partner_key, id)
);

create table core.category (
    category_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    id text collate "C" not null,
    name text,
    property_ids jsonb,
    is_deleted boolean,
    version text,
    extra jsonb,
    digest uuid not null,
    message_key bigint not null references journal.message,
    withdrawn_at timestamptz,
    unique (partner_key, id)
);

create table core.unit (
    unit_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    id text collate "C" not null,
    code text,
    name text,
    full_name text,
    international text,
    is_deleted boolean,
    version text,
    extra jsonb,
    digest uuid not null,
    message_key bigint not null references journal.message,
    withdrawn_at timestamptz,
    unique (partner_key, id)
);

create table core.price_type (
    price_type_key integer generated always as identity primary key,
    partner_key integer not null references journal.partner,
    id text collate "C" not null,
    name text,
    currency text,
    tax_name text,
    is_tax_included boolean,
    is_deleted boolean,
    version text,
    extra jsonb,
    digest uuid not null,
    message_key bigint not null references journal.message,
    withdrawn_at timestamptz,
    unique (partner_key, id)
);

create table core.warehouse (
    warehouse_key integer generated always as identity primary key,
    partner_key integer not null references journal.partner,
    id text collate "C" not null,
    name text,
    address text,
    is_deleted boolean,
    version text,
    extra jsonb,
    digest uuid not null,
    message_key bigint not null references journal.message,
    withdrawn_at timestamptz,
    unique (partner_key, id)
);

create table core.product (
    product_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    id text collate "C" not null,
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
    digest uuid not null,
    message_key bigint not null references journal.message,
    withdrawn_at timestamptz,
    unique (partner_key, id)
);
create index on core.product (partner_key, manufacturer_id, upper(regexp_replace(part_number, '\s', '', 'g')))
    where part_number is not null;

-- The products that a message wrote, for the pictures that they name.
create index on core.product (message_key) where pictures <> '[]';

-- Offers come by the million: as with prices and stock, what each row refers to is not looked up again by a trigger,
-- but for its product.
create table core.offer (
    offer_key bigint generated always as identity primary key,
    partner_key integer not null,
    id text collate "C" not null,
    product_key bigint not null references core.product,
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
    is_deleted boolean,
    version text,
    extra jsonb,
    digest uuid not null,
    message_key bigint not null,
    withdrawn_at timestamptz,
    unique (partner_key, id)
);
create index on core.offer (product_key);

-- Prices on two clocks: true in the business (valid), known to us (recorded). Design, section 7.
-- Prices and stock refer to offers without foreign keys: their keys come from a join with core.offer in the statement
-- that writes them, offers are never deleted, and a trigger for each row would cost twice what the row costs.
create table core.price (
    offer_key bigint not null,
    price_type_key integer not null,
    unit text not null default '',
    min_qty numeric not null default 0,
    amount numeric not null,
    currency text,
    coefficient numeric,
    presentation text,
    tax_name text,
    is_tax_included boolean,
    extra jsonb,
    digest uuid not null,
    message_key bigint not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null default 'infinity',
    recorded_from timestamptz not null,
    recorded_to timestamptz not null default 'infinity',
    check (valid_from < valid_to),
    check (recorded_from < recorded_to)
);
-- What we believe now of any time: one price holds at once, and a delta finds the one that it follows.
create unique index one_price_now on core.price (offer_key, price_type_key, valid_to, unit, min_qty)
    where recorded_to = 'infinity';
-- What we believed once.
create index on core.price (offer_key, price_type_key) where recorded_to < 'infinity';

-- Stock on the same two clocks; warehouse_key 0 is the total over all warehouses.
create table core.stock (
    offer_key bigint not null,
    warehouse_key integer not null,
    quantity numeric not null,
    message_key bigint not null,
    valid_from timestamptz not null,
    valid_to timestamptz not null default 'infinity',
    recorded_from timestamptz not null,
    recorded_to timestamptz not null default 'infinity',
    check (valid_from < valid_to),
    check (recorded_from < recorded_to)
);
create unique index stock_now on core.stock (offer_key, warehouse_key, valid_to) where recorded_to = 'infinity';
create index on core.stock (offer_key, warehouse_key) where recorded_to < 'infinity';

-- Bytes that arrived beside the files: pictures and other attachments, by the path the sender uses.
create table core.attachment (
    partner_key integer not null references journal.partner,
    path text collate "C" not null,
    sha256 bytea not null,
    size bigint not null,
    object_key text not null,
    message_key bigint not null references journal.message,
    primary key (partner_key, path)
);

-- A product may name its picture in 1C's own spelling, with backslashes; files are kept as the gateway cleans names.
create function core.file_path(said text) returns text
language sql immutable parallel safe
return normalize(replace(said, '\', '/'), nfc);

create view core.product_picture as
select product.product_key, product.partner_key, product.id as product_id, picture.ordinality as position,
       core.file_path(picture.value ->> 'path') as path, picture.value ->> 'caption' as caption,
       attachment.sha256, attachment.object_key, attachment.path is not null as is_here
from core.product
cross join lateral jsonb_array_elements(product.pictures) with ordinality as picture
left join core.attachment
    on attachment.partner_key = product.partner_key and attachment.path = core.file_path(picture.value ->> 'path');

create view core.product_attribute as
select product.product_key, product.partner_key, product.id as product_id,
       assigned.value ->> 'id' as property_id, property.name, property.value_type,
       raw.value as raw,
       coalesce(choice.value ->> 'value', raw.value) as text_value,
       case when property.value_type = 'number'
             and replace(regexp_replace(raw.value, '\s', '', 'g'), ',', '.') ~ '^-?\d+(\.\d+)?$'
            then replace(regexp_replace(raw.value, '\s', '', 'g'), ',', '.')::numeric end as number_value,
       property.property_key is null as is_undeclared
from core.product
cross join lateral jsonb_array_elements(product.properties) as assigned
cross join lateral jsonb_array_elements_text(assigned.value -> 'values') as raw
left join core.property
    on property.partner_key = product.partner_key and property.id = assigned.value ->> 'id'
left join lateral (
    select entry as value from jsonb_array_elements(property.choices) as entry
    where entry ->> 'id' = raw.value limit 1
) as choice on true;

create view core.product_in_group as
select product.product_key, product.partner_key, product.id as product_id,
       product_group.group_key, product_group.id as group_id, product_group.name as group_name
from core.product
cross join lateral jsonb_array_elements_text(product.group_ids) as link
join core.product_group on product_group.partner_key = product.partner_key and product_group.id = link.value;

create view core.price_now as
select offer.partner_key, offer.id as offer_id, price_type.id as price_type_id, price_type.name as price_type,
       price.unit, price.min_qty, price.amount, price.currency, price.valid_from, price.recorded_from
from core.price
join core.offer using (offer_key)
join core.price_type using (price_type_key)
where price.valid_to = 'infinity' and price.recorded_to = 'infinity';

-- A part of a natural key as manifests write it: a `|` inside a part is no border (tasks/formats/rows.py, join_key).
create function core.key_part(part text) returns text language sql immutable as $$
    select replace(replace(part, '\', '\\'), '|', '\|')
$$;

-- Every row of the catalog by the key its sender uses, with the message that wrote it: what `trace` asks.
create view core.traceable as
select 'product_group'::text as table_name, 'groups'::text as dataset, partner_key, id as key, message_key, to_jsonb(product_group) as row
from core.product_group
union all
select 'property'::text as table_name, 'properties'::text as dataset, partner_key, id as key, message_key, to_jsonb(property) as row
from core.property
union all
select 'category'::text as table_name, 'categories'::text as dataset, partner_key, id as key, message_key, to_jsonb(category) as row
from core.category
union all
select 'unit'::text as table_name, 'units'::text as dataset, partner_key, id as key, message_key, to_jsonb(unit) as row
from core.unit
union all
select 'price_type'::text as table_name, 'price_types'::text as dataset, partner_key, id as key, message_key, to_jsonb(price_type) as row
from core.price_type
union all
select 'warehouse'::text as table_name, 'warehouses'::text as dataset, partner_key, id as key, message_key, to_jsonb(warehouse) as row
from core.warehouse
union all
select 'product'::text as table_name, 'goods'::text as dataset, partner_key, id as key, message_key, to_jsonb(product) as row
from core.product
union all
select 'offer'::text as table_name,
       -- An offer that its product stands for was told of by the product alone.
       case digest when '00000000-0000-0000-0000-000000000000' then 'goods' else 'offers' end as dataset,
       partner_key, id as key, message_key, to_jsonb(offer) as row
from core.offer
union all
select 'price', 'prices', offer.partner_key,
       core.key_part(offer.id) || '|' || core.key_part(price_type.id) || '|' || core.key_part(price.unit) || '|'
           || coalesce(nullif(price.min_qty, 0)::text, ''),
       price.message_key, to_jsonb(price)
from core.price
join core.offer using (offer_key)
join core.price_type using (price_type_key)
where price.valid_to = 'infinity' and price.recorded_to = 'infinity'
union all
select 'stock', 'stock', offer.partner_key, core.key_part(offer.id) || '|' || coalesce(core.key_part(warehouse.id), ''),
       stock.message_key, to_jsonb(stock)
from core.stock
join core.offer using (offer_key)
left join core.warehouse using (warehouse_key)
where stock.valid_to = 'infinity' and stock.recorded_to = 'infinity';
