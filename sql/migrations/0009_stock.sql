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

-- Movements of goods, where a source sends them. On two clocks: when it moved, and what we knew when.
create table core.stock_movement (
    movement_key bigint generated always as identity primary key,
    offer_key bigint not null references core.offer,
    warehouse_key integer not null references core.warehouse,
    kind text not null check (kind in ('opening', 'receipt', 'sale', 'return', 'transfer', 'writeoff')),
    document text collate "C" not null,
    line text collate "C" not null,
    quantity numeric not null,
    moved_at timestamptz not null,
    digest uuid not null,
    message_key bigint not null references journal.message,
    recorded_from timestamptz not null,
    recorded_to timestamptz not null default 'infinity',
    check (recorded_from < recorded_to)
);
comment on column core.stock_movement.quantity is
    'Signed: below zero it left the warehouse. Of an opening balance: all that lay there at that moment.';
create unique index one_movement_now on core.stock_movement (offer_key, warehouse_key, kind, document, line)
    where recorded_to = 'infinity';
create index on core.stock_movement (offer_key, warehouse_key, moved_at) where recorded_to = 'infinity';

-- The moment since which the newest stock that a source told holds: its snapshot.
create view core.stock_snapshot as
select partner_key, exchange, to_timestamp(position / 1000000.0) as snapshot_at, message_key
from journal.checkpoint
where name = 'stock_us';

alter index core.stock_now rename to one_stock_now;

-- What lies where by the last word of each source. A null warehouse is the total that the source gives itself.
create view core.stock_now as
select partner.partner_key, partner.name as source, offer.id as offer_id, coalesce(offer.article, product.article) as article,
       coalesce(offer.name, product.name) as name, warehouse.id as warehouse_id, warehouse.name as warehouse,
       trim_scale(stock.quantity) as quantity, stock.valid_from as since, snapshot.snapshot_at, stock.message_key
from core.stock
join core.offer using (offer_key)
join core.product using (product_key)
join journal.partner on partner.partner_key = offer.partner_key
left join core.warehouse using (warehouse_key)
left join core.stock_snapshot as snapshot on snapshot.partner_key = partner.partner_key
where stock.valid_to = 'infinity' and stock.recorded_to = 'infinity';
comment on view core.stock_now is
    'since: how long the quantity has been so. snapshot_at: the moment of the last file of stock, up to which it was so.';

-- The living products of chosen groups, each with all below it; of no group chosen, all of them.
create function core.shown_product(source integer, groups text[]) returns table (product_key bigint)
language sql stable as $$
    with recursive chosen as (
        select id from core.product_group
        where partner_key = source and withdrawn_at is null and not coalesce(is_deleted, false) and id = any(groups)
        union
        select below.id from core.product_group as below
        join chosen on chosen.id = below.parent_id
        where below.partner_key = source and below.withdrawn_at is null and not coalesce(below.is_deleted, false)
    )
    select product.product_key from core.product
    where product.partner_key = source and product.withdrawn_at is null and not coalesce(product.is_deleted, false)
      and (cardinality(groups) = 0
           or exists (select from jsonb_array_elements_text(product.group_ids) as link join chosen on chosen.id = link.value))
$$;

-- Who sees what of whose catalog, as the partners' blocks say it.
create view core.portal as
select portal.partner_key, portal.name as portal, source.partner_key as source_key, source.name as source,
       array(select jsonb_array_elements_text(coalesce(said -> 'groups', '[]'))) as groups,
       array(select jsonb_array_elements_text(coalesce(said -> 'warehouses', '[]'))) as warehouses,
       coalesce(said -> 'kinds', '["stock"]') ? 'stock' as sees_stock
from journal.partner as portal
cross join lateral (select portal.settings -> 'publication') as publication (said)
join journal.partner as source on source.name = said ->> 'source';

-- Stock as a partner sees it: its own warehouses, and as the total their sum. Without a choice all of them, and the
-- source's own total. It agrees with what publication tells (sql/publication/project_stock.sql); a test holds them so.
create view core.partner_stock as
with shown as (
    select portal.partner_key, portal.portal, portal.source, cardinality(portal.warehouses) > 0 as is_chosen,
           offer.id as offer_id, coalesce(offer.article, product.article) as article,
           coalesce(offer.name, product.name) as name, place.id as warehouse_id, place.name as warehouse,
           stock.quantity, stock.valid_from as since, snapshot.snapshot_at
    from core.portal
    cross join lateral core.shown_product(portal.source_key, portal.groups) as chosen
    join core.product using (product_key)
    join core.offer using (product_key)
    join core.stock on stock.offer_key = offer.offer_key and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
    left join core.warehouse as place on place.warehouse_key = stock.warehouse_key
    left join core.stock_snapshot as snapshot on snapshot.partner_key = portal.source_key
    where portal.sees_stock and offer.withdrawn_at is null and not coalesce(offer.is_deleted, false)
      and case when stock.warehouse_key = 0 then cardinality(portal.warehouses) = 0
          else place.withdrawn_at is null and not coalesce(place.is_deleted, false)
              and (cardinality(portal.warehouses) = 0 or place.id = any(portal.warehouses)) end
)
select portal, source, offer_id, article, name, warehouse_id, warehouse, trim_scale(quantity) as quantity, since, snapshot_at
from shown
union all
select portal, source, offer_id, min(article), min(name), null, null, trim_scale(sum(quantity)), max(since), min(snapshot_at)
from shown
where is_chosen
group by portal, source, offer_id;

-- Do totals and break-downs agree: the figures by warehouse (those of a distributor's agents), the totals that the
-- distributor gives, and the network's? Of offers of which both are told; to the last digit.
create view core.stock_total as
with told as (
    select offer.partner_key, stock.offer_key, offer.id as offer_id,
           sum(stock.quantity) filter (where stock.warehouse_key <> 0) as in_warehouses,
           sum(stock.quantity) filter (where stock.warehouse_key = 0) as total
    from core.stock
    join core.offer using (offer_key)
    where stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
    group by offer.partner_key, stock.offer_key, offer.id
)
select case grouping(told.partner_key, told.offer_id) when 0 then 'offer' when 1 then 'source' else 'network' end as level,
       told.partner_key, min(partner.name) filter (where told.partner_key is not null) as source, told.offer_id,
       trim_scale(sum(in_warehouses)) as in_warehouses, trim_scale(sum(total)) as total,
       sum(in_warehouses) = sum(total) as do_agree
from told
join journal.partner on partner.partner_key = told.partner_key
where in_warehouses is not null and total is not null
group by grouping sets ((told.partner_key, told.offer_id), (told.partner_key), ());

-- Opening + movements = closing, for each offer and warehouse of a source that sends movements, as of the moment up to
-- which both its stock and its movements are told.
create view core.stock_balance as
with known as (
    select partner_key, to_timestamp(min(position) / 1000000.0) as as_of
    from journal.checkpoint
    where name in ('stock_us', 'movements_us')
    group by partner_key
    having count(*) = 2
), place as (
    select known.partner_key, known.as_of, offer.offer_key, movement.warehouse_key
    from known
    join core.offer on offer.partner_key = known.partner_key
    join core.stock_movement as movement
        on movement.offer_key = offer.offer_key and movement.recorded_to = 'infinity' and movement.moved_at <= known.as_of
    union
    select known.partner_key, known.as_of, offer.offer_key, stock.warehouse_key
    from known
    join core.offer on offer.partner_key = known.partner_key
    join core.stock on stock.offer_key = offer.offer_key and stock.recorded_to = 'infinity'
        and stock.valid_from <= known.as_of and stock.valid_to > known.as_of
    where stock.warehouse_key <> 0 and stock.quantity <> 0
)
select place.partner_key, partner.name as source, offer.id as offer_id, warehouse.id as warehouse_id, place.as_of,
       opening.moved_at as opened_at, trim_scale(opening.quantity) as opening, trim_scale(moved.receipts) as receipts,
       trim_scale(moved.sales) as sales, trim_scale(moved.returns) as returns, trim_scale(moved.transfers) as transfers,
       trim_scale(moved.writeoffs) as writeoffs, trim_scale(opening.quantity + moved.total) as expected,
       trim_scale(closing.quantity) as closing, place.offer_key, place.warehouse_key
from place
join core.offer using (offer_key)
join core.warehouse using (warehouse_key)
join journal.partner on partner.partner_key = place.partner_key
left join lateral (
    select movement.quantity, movement.moved_at
    from core.stock_movement as movement
    where movement.offer_key = place.offer_key and movement.warehouse_key = place.warehouse_key
      and movement.recorded_to = 'infinity' and movement.kind = 'opening' and movement.moved_at <= place.as_of
    order by movement.moved_at desc, movement.movement_key desc
    limit 1
) as opening on true
cross join lateral (
    select coalesce(sum(quantity), 0) as total,
           coalesce(sum(quantity) filter (where kind = 'receipt'), 0) as receipts,
           coalesce(sum(quantity) filter (where kind = 'sale'), 0) as sales,
           coalesce(sum(quantity) filter (where kind = 'return'), 0) as returns,
           coalesce(sum(quantity) filter (where kind = 'transfer'), 0) as transfers,
           coalesce(sum(quantity) filter (where kind = 'writeoff'), 0) as writeoffs
    from core.stock_movement as movement
    where movement.offer_key = place.offer_key and movement.warehouse_key = place.warehouse_key
      and movement.recorded_to = 'infinity' and movement.kind <> 'opening'
      and movement.moved_at > opening.moved_at and movement.moved_at <= place.as_of
) as moved
left join core.stock as closing
    on closing.offer_key = place.offer_key and closing.warehouse_key = place.warehouse_key
    and closing.recorded_to = 'infinity' and closing.valid_from <= place.as_of and closing.valid_to > place.as_of;
comment on view core.stock_balance is
    'Movements since the last opening balance. Without one nothing is expected, and nothing can be proven.';

create view core.stock_mismatch as
select source, offer_id, warehouse_id, as_of, opened_at, opening, expected, closing, trim_scale(closing - expected) as difference,
       case when opening is null then 'no opening balance' when closing is null then 'no quantity was told'
       else 'the movements do not make it' end as reason, partner_key
from core.stock_balance as balance
where (closing is distinct from expected or opening is null)
  -- A quantity that is told only since then is compared when the movements have come that far: lag is lag.
  and (closing is not null or not exists (
      select from core.stock as later
      where later.offer_key = balance.offer_key and later.warehouse_key = balance.warehouse_key
        and later.recorded_to = 'infinity' and later.valid_from > balance.as_of
  ));

-- Movements are traced as all else is.
alter view core.traceable rename to traceable_catalog;
create view core.traceable as
select * from core.traceable_catalog
union all
select 'stock_movement', 'movements', offer.partner_key,
       concat_ws('|', core.key_part(offer.id), core.key_part(warehouse.id), movement.kind,
                 core.key_part(movement.document), core.key_part(movement.line)),
       movement.message_key, to_jsonb(movement)
from core.stock_movement as movement
join core.offer using (offer_key)
join core.warehouse using (warehouse_key)
where movement.recorded_to = 'infinity';

grant select, insert, update on core.stock_movement to obmen_flow;
grant select on core.stock_movement to obmen_reader, obmen_auditor;
grant select on core.stock_snapshot, core.stock_now, core.portal, core.partner_stock, core.stock_total, core.stock_balance,
    core.stock_mismatch, core.traceable to obmen_flow, obmen_reader, obmen_auditor;
