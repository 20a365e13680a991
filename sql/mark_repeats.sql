select staging.mark_repeats(:message_key, :has_repeats)
