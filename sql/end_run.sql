update journal.run set ended_at = now(), outcome = :outcome, summary = :summary
where run_key = :run_key and ended_at is null
