select count(*) as records from journal.carried where delivery_key = :delivery_key
