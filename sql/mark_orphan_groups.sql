-- Run until it marks nothing: the child of a refused group is an orphan in its turn.
update staging.groups as staged set
    cause = 'REF_MISSING', place = 'Группа/ИдРодителя', value = staged.parent_id, expected = '', exit = 'refused'
where staged.message_key = :message_key and staged.cause is null and staged.parent_id is not null
  and not exists (
      select from staging.groups as parent
      where parent.message_key = :message_key and parent.id = staged.parent_id and parent.cause is null
  )
  and not exists (
      select from core.product_group as parent
      where parent.partner_key = :partner_key and parent.id = staged.parent_id and parent.withdrawn_at is null
  )
