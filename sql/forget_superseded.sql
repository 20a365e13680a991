delete from staging.superseded where message_key = :message_key
