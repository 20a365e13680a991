-- Quantities by warehouse that are not 0, and how many other files of this one's session took away or would.
select
    (
        select count(*) from core.stock
        join core.offer using (offer_key)
        where offer.partner_key = :partner_key and stock.valid_to = 'infinity' and stock.recorded_to = 'infinity'
          and stock.warehouse_key <> 0 and stock.quantity <> 0
    ) as held,
    (
        select count(*) from journal.deletion_list as list
        join journal.deletion using (list_key)
        join journal.message as file on file.message_key = list.message_key
        join journal.message as mine on mine.message_key = :message_key
        where list.partner_key = :partner_key and list.direction = 'in' and list.dataset = 'stock'
          and list.state in ('waiting', 'confirmed') and deletion.returned_in is null
          and file.session_key = mine.session_key and file.message_key <> mine.message_key
    ) as earlier
