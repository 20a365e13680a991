select staging.open_message(:message_key)
