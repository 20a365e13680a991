update staging.reading set file_fault = :file_fault where message_key = :message_key returning message_key
