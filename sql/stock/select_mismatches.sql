-- Offers and warehouses whose movements do not make what is told of them, of the sources that sent any by these messages.
-- Where none of them ever sent movements, nothing is looked at.
select source, offer_id, warehouse_id, as_of, opening, expected, closing, difference, reason
from core.stock_mismatch
where partner_key = any(array(
    select message.partner_key from journal.message
    join journal.books using (message_key)
    where message.message_key = any(cast(:message_keys as bigint[])) and books.dataset in ('stock', 'movements')
))
  and exists (
      select from journal.message
      join journal.checkpoint using (partner_key)
      where message.message_key = any(cast(:message_keys as bigint[])) and checkpoint.name = 'movements_us'
  )
order by source, offer_id, warehouse_id
