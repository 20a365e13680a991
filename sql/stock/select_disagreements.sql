-- Totals that are not the sum of their figures by warehouse: of the sources that promised it and that sent stock by these
-- messages. By offer, then for the whole source, then for all of them together: the network.
with asked as (
    select distinct partner.partner_key, partner.name
    from journal.message
    join journal.books on books.message_key = message.message_key and books.dataset = 'stock'
    join journal.partner on partner.partner_key = message.partner_key
    where message.message_key = any(cast(:message_keys as bigint[])) and coalesce((partner.settings ->> 'is_total_sum')::boolean, false)
), told as (
    select asked.name, offer.id as offer_id,
           sum(stock.quantity) filter (where stock.warehouse_key <> 0) as in_warehouses,
           sum(stock.quantity) filter (where stock.warehouse_key = 0) as total
    from asked
    join core.offer using (partner_key)
    join core.stock on stock.offer_key = offer.offer_key and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
    group by asked.name, offer.id
)
select case grouping(name, offer_id) when 0 then 'offer' when 1 then 'source' else 'network' end as level,
       coalesce(name, '') as source, coalesce(offer_id, '') as offer_id,
       trim_scale(sum(in_warehouses)) as in_warehouses, trim_scale(sum(total)) as total
from told
where in_warehouses is not null and total is not null
group by grouping sets ((name, offer_id), (name), ())
having sum(in_warehouses) <> sum(total)
order by grouping(name, offer_id), 2, 3
