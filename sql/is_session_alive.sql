select exists (
    select from journal.session
    where partner_key = :partner_key and completed_at is null
      and seen_at > now() - make_interval(secs => :within_s)
) as is_alive
