select count(staging.drop_message(leftover)) as dropped from staging.leftovers() as leftover
