-- Sessions whose open uploads are whole: nothing was heard for the partner's quiet time, or for a
-- shorter one when the same login has begun anew since.
select distinct session.session_key
from journal.upload
join journal.session using (session_key)
join journal.partner using (partner_key)
where upload.sealed_at is null
  and (
      session.seen_at < now() - make_interval(
          secs => coalesce(cast(partner.settings -> 'gateway' ->> 'quiet_s' as double precision), :quiet_s)
      )
      or session.seen_at < now() - make_interval(secs => :superseded_s) and exists (
          select from journal.session as newer
          where newer.login = session.login and newer.partner_key = session.partner_key
            and newer.session_key > session.session_key
      )
  )
order by session.session_key
