select staging.analyze_message(:message_key)
