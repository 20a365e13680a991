select login, password_hash, is_open from journal.door
