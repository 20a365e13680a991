update staging.movements as staged set
    cause = 'REF_MISSING', place = 'Склад/ИдСклада', value = staged.warehouse_id, expected = '', exit = 'refused'
where staged.message_key = :message_key and staged.cause is null
  and not exists (select from core.warehouse where warehouse.partner_key = :partner_key and warehouse.id = staged.warehouse_id)
