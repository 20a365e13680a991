select partner_key from journal.partner where partner_key = :partner_key for update
