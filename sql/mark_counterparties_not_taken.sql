update staging.counterparties set
    cause = 'DATASET_NOT_TAKEN', place = 'Контрагент', value = 'counterparties', expected = '', exit = 'refused'
where message_key = :message_key and cause is null
