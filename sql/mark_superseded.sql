select staging.mark_superseded(:message_key, :partner_key, :source_key)
