select partner_key, name, state, settings from journal.partner where name = :name
