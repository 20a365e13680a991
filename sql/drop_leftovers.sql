select left_over as message_key, staging.drop_message(left_over) from staging.leftovers() as left_over
