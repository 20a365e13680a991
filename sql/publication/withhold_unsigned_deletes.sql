delete from delta
where effect = 'delete'
  and not exists (
      select from journal.deletion
      join journal.deletion_list using (list_key)
      where deletion_list.partner_key = :portal_key and direction = 'out' and state = 'confirmed'
        and deletion.dataset = delta.dataset and deletion.key = delta.key
        and deletion.digest is not distinct from delta.before and deletion.done_at is null
  )
