-- Nobody knows how much of a dropped package the portal took: each of its records is told of again, or withdrawn.
update journal.shown as held
set planned_digest = '00000000-0000-0000-0000-000000000000'
from journal.carried
where carried.delivery_key = :delivery_key and held.partner_key = :partner_key
  and held.dataset = carried.dataset and held.key = carried.key and held.planned_in = :delivery_key
