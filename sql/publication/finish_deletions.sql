-- A yes holds for one deletion: a record that comes back and goes once more is asked about again.
update journal.deletion set done_at = now()
from journal.deletion_list, journal.carried
where deletion_list.list_key = deletion.list_key and deletion_list.partner_key = :portal_key
  and direction = 'out' and state = 'confirmed' and deletion.done_at is null
  and carried.delivery_key = :delivery_key and carried.effect = 'delete'
  and carried.dataset = deletion.dataset and carried.key = deletion.key
