select dataset, count(*) as records from staging.faults where message_key = :message_key group by dataset
