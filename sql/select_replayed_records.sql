select dataset, record_no from journal.refusal
where refusal_key = any(cast(:refusal_keys as bigint[])) and state = 'open'
order by dataset, record_no
