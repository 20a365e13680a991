select dataset, key, effect from journal.carried where delivery_key = :delivery_key order by dataset, key
