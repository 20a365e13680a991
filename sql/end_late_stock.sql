-- A quantity that comes late holds until the absence from a whole file that was formed later made it 0: no manifest names
-- that, the history does. Looked for only where a file is late.
update staging.changed_stock as staged set ends_at = least(staged.ends_at, next.valid_from)
from (
    select late.record_no, min(later.valid_from) as valid_from
    from staging.changed_stock as late
    join core.stock as later
        on later.offer_key = late.offer_key and later.warehouse_key = late.warehouse_key
        and later.recorded_to = 'infinity' and later.valid_from > :valid_from
    where late.message_key = :message_key
      and exists (
          select from journal.checkpoint
          where checkpoint.partner_key = :partner_key and checkpoint.name = 'stock_us'
            and checkpoint.position > extract(epoch from cast(:valid_from as timestamptz)) * 1000000
      )
    group by late.record_no
) as next
where staged.message_key = :message_key and staged.record_no = next.record_no
