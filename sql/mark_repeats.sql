select staging.mark_repeats(:message_key)
