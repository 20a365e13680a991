-- A person who confirms says that the export was whole: the next one is measured by it.
update journal.full_export set outcome = 'whole'
from journal.deletion_list as confirmed
where confirmed.list_key = :list_key and confirmed.direction = 'in' and confirmed.state = 'confirmed'
  and confirmed.dataset <> 'stock'
  and full_export.begin_key = confirmed.message_key and full_export.outcome = 'held'
  and not exists (
      select from journal.deletion_list as other
      where other.partner_key = confirmed.partner_key and other.message_key = confirmed.message_key
        and other.direction = 'in' and other.dataset <> 'stock' and other.state = 'waiting'
  )
