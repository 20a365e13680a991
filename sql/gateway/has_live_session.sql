select exists (
    select from journal.session where login = :login and peer = :peer and expires_at > now()
) as has_one
