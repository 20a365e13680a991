-- What a dropped package would have shown is not shown: the next delta tells of it again.
update journal.shown as held
set planned_digest = held.acked_digest, planned_in = coalesce(held.acked_in, held.planned_in)
from journal.carried
where carried.delivery_key = :delivery_key and held.partner_key = :partner_key
  and held.dataset = carried.dataset and held.key = carried.key and held.planned_in = :delivery_key
