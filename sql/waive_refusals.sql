update journal.refusal
set state = 'waived', resolved_at = clock_timestamp(), waived_by = :person, waived_why = :why
where state = 'open' and refusal_key = any(cast(:refusal_keys as bigint[]))
