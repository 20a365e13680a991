select heading, rules, file_fault from staging.reading where message_key = :message_key
