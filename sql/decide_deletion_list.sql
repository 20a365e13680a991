update journal.deletion_list
set state = :state, decided_by = :person, decided_why = :why, decided_at = clock_timestamp()
where list_key = :list_key
