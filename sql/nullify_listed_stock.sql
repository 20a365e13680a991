-- What a list says is absent holds as 0 since its file was formed: on both clocks, as supersede_stock and insert_stock
-- do it. A quantity that was told anew since the list was made is another one and stays.
with listed as (
    select deletion.key, deletion.digest, telling.message_key as absent_in, telling.valid_from as absent_from
    from journal.deletion_list
    join journal.deletion using (list_key)
    join journal.telling using (message_key)
    where list_key = :list_key and deletion.dataset = 'stock' and deletion.returned_in is null and deletion.done_at is null
), clock as (
    -- With its file it is recorded with it; agreed to later by a person, when that was.
    update journal.checkpoint
    set position = greatest(
            position + 1,
            case when list.decided_by <> 'the brake' then (extract(epoch from clock_timestamp()) * 1000000)::bigint end
        ), moved_at = now()
    from journal.deletion_list as list
    where list.list_key = :list_key and checkpoint.partner_key = list.partner_key and checkpoint.exchange = list.exchange
      and checkpoint.name = 'recorded_us'
    returning to_timestamp(position / 1000000) + (position % 1000000) * interval '1 microsecond' as known_at
), gone as (
    update core.stock as held set recorded_to = clock.known_at
    from listed
    join core.offer on offer.partner_key = :partner_key and offer.id = core.key_head(listed.key)
    join core.warehouse on warehouse.partner_key = :partner_key and warehouse.id = core.key_tail(listed.key)
    cross join clock
    where held.offer_key = offer.offer_key and held.warehouse_key = warehouse.warehouse_key
      and held.valid_to = 'infinity' and held.recorded_to = 'infinity' and held.valid_from <= listed.absent_from
      and core.stock_digest(held.message_key, held.quantity) = listed.digest
    returning held.offer_key, held.warehouse_key, held.quantity, held.message_key, held.valid_from, listed.key,
              listed.absent_in, listed.absent_from, clock.known_at
), written as (
    insert into core.stock (offer_key, warehouse_key, quantity, message_key, valid_from, valid_to, recorded_from)
    select gone.offer_key, gone.warehouse_key, part.quantity, part.message_key, part.valid_from, part.valid_to, gone.known_at
    from gone
    cross join lateral (
        values (gone.quantity, gone.message_key, gone.valid_from, gone.absent_from),
               (0, gone.absent_in, gone.absent_from, cast('infinity' as timestamptz))
    ) as part (quantity, message_key, valid_from, valid_to)
    where part.valid_from < part.valid_to
)
update journal.deletion set done_at = clock_timestamp()
from gone
where deletion.list_key = :list_key and deletion.dataset = 'stock' and deletion.key = gone.key
