update journal.difference as held set gone_at = now()
where partner_key = :portal_key and gone_at is null
  and not exists (
      select from found
      where found.dataset = held.dataset and found.key = held.key and found.kind = held.kind and found.field = held.field
  )
