select heading, rules, file_fault, slicing from staging.reading where message_key = :message_key
