select staging.drop_message(:message_key) as is_dropped
