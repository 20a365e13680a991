select refusal_key from journal.refusal where message_key = :message_key and dataset = 'file' and state = 'open'
