update staging.movements as staged set
    cause = 'REF_MISSING', place = 'Предложение/Ид', value = staged.offer_id, expected = '', exit = 'refused'
where staged.message_key = :message_key and staged.cause is null
  and not exists (select from core.offer where offer.partner_key = :partner_key and offer.id = staged.offer_id)
