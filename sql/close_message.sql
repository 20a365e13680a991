update journal.message
set state = :state, closed_at = clock_timestamp(), epoch = :epoch, dialect = :dialect, formed_at = :formed_at,
    extent = :extent, heading = :heading, rules = :rules, manifest_key = :manifest_key,
    merkle_root = :merkle_root, report_key = :report_key
where message_key = :message_key and state = 'received'
returning message_key
