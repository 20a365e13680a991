-- A customer's own tree of groups: where a portal wants a source's goods to stand. Both trees are kept.

-- One row for each load; the newest version of a portal and a source is the map.
create table core.tree (
    tree_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    source_key integer not null references journal.partner,
    version integer not null check (version > 0),
    file_name text not null,
    sha256 bytea not null check (length(sha256) = 32),
    size bigint not null,
    object_key text not null,
    received integer not null,
    accepted integer not null check (accepted > 0),
    refused integer not null,
    loaded_by text not null check (loaded_by <> ''),
    loaded_at timestamptz not null default clock_timestamp(),
    unique (partner_key, source_key, version),
    constraint tree_balances check (received = accepted + refused)
);
comment on column core.tree.partner_key is 'The portal that wants the tree.';
comment on column core.tree.source_key is 'The partner whose groups and goods are mapped.';

-- The customer's groups: every group that a row names, and those above it.
create table core.tree_group (
    tree_key bigint not null references core.tree,
    id uuid not null,
    parent_id uuid,
    name text not null,
    path text not null,
    primary key (tree_key, id),
    foreign key (tree_key, parent_id) references core.tree_group
);
comment on column core.tree_group.id is 'UUID 5 of the portal''s name and the path: the same in every version and on every machine.';

create table core.tree_line (
    tree_key bigint not null references core.tree,
    kind text not null check (kind in ('group', 'product')),
    id text collate "C" not null,
    group_id uuid not null,
    row_no integer not null,
    primary key (tree_key, kind, id, group_id),
    foreign key (tree_key, group_id) references core.tree_group
);

create table core.tree_refusal (
    tree_key bigint not null references core.tree,
    row_no integer not null,
    column_name text not null,
    value text not null,
    sentence_ru text not null,
    primary key (tree_key, row_no)
);

-- «Без раздела»: one id for all portals, so that it is there before any map is loaded.
create function core.unclassified_group() returns uuid language sql immutable as $$
    select 'b3e6b582-db2f-5a37-b1a6-a980a2471d88'::uuid
$$;

-- Where each living product of a source stands in the portal's tree: by a row of its own, else by those of the
-- nearest mapped groups above it, else in «Без раздела». Every product stands somewhere.
create function core.customer_link(portal integer, source integer)
returns table (product_key bigint, product_id text, group_id uuid) language sql stable as $$
    with recursive map as (
        select line.kind, line.id, line.group_id
        from core.tree_line as line
        where line.tree_key = (
            select tree_key from core.tree
            where tree.partner_key = portal and tree.source_key = source
            order by version desc limit 1
        )
    ), mapped as (
        select distinct id from map where kind = 'group'
    ), climbed as (
        select id as start_id, id as at_id, 0 as steps from core.product_group where partner_key = source
        union all
        select climbed.start_id, held.parent_id, steps + 1
        from climbed
        join core.product_group as held on held.partner_key = source and held.id = climbed.at_id
        where held.parent_id is not null and steps < 100
          and not exists (select from mapped where mapped.id = climbed.at_id)
    ), by_group as (
        select distinct climbed.start_id, map.group_id
        from climbed
        join map on map.kind = 'group' and map.id = climbed.at_id
    ), product as (
        select held.product_key, held.id, held.group_ids
        from core.product as held
        where held.partner_key = source and held.withdrawn_at is null and not coalesce(held.is_deleted, false)
    ), own as (
        select product.product_key, product.id, map.group_id
        from product
        join map on map.kind = 'product' and map.id = product.id
    ), inherited as (
        select distinct product.product_key, product.id, by_group.group_id
        from product
        cross join lateral jsonb_array_elements_text(product.group_ids) as link
        join by_group on by_group.start_id = link.value
        where not exists (select from own where own.product_key = product.product_key)
    )
    select own.product_key, own.id, own.group_id from own
    union all
    select inherited.product_key, inherited.id, inherited.group_id from inherited
    union all
    select product.product_key, product.id, core.unclassified_group()
    from product
    where not exists (select from own where own.product_key = product.product_key)
      and not exists (select from inherited where inherited.product_key = product.product_key)
$$;

-- The tree itself: all groups of the newest map, and «Без раздела».
create function core.customer_group(portal integer, source integer)
returns table (id uuid, parent_id uuid, name text, path text) language sql stable as $$
    select tree_group.id, tree_group.parent_id, tree_group.name, tree_group.path
    from core.tree_group
    where tree_group.tree_key = (
        select tree_key from core.tree
        where tree.partner_key = portal and tree.source_key = source
        order by version desc limit 1
    )
    union
    select core.unclassified_group(), null::uuid, 'Без раздела', 'Без раздела'
$$;

-- Without statistics the planner takes a new map for an empty one.
create function core.analyze_trees() returns void language plpgsql security definer
set search_path = pg_catalog set default_statistics_target = 10 as $$
begin
    analyze core.tree, core.tree_group, core.tree_line;
end $$;
revoke execute on function core.analyze_trees from public;
grant execute on function core.analyze_trees to obmen_flow;

grant select, insert on core.tree, core.tree_group, core.tree_line, core.tree_refusal to obmen_flow;
grant select on core.tree, core.tree_group, core.tree_line, core.tree_refusal to obmen_reader, obmen_auditor;
