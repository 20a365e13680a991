update staging.documents set
    cause = 'DATASET_NOT_TAKEN', place = 'Документ', value = 'documents', expected = '', exit = 'refused'
where message_key = :message_key and cause is null
