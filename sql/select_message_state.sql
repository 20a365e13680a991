select state, file_name, report_key from journal.message where message_key = :message_key
