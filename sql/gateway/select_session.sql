-- The session of a token, with the door it came through as that door is now: closing one ends its sessions.
select
    session.session_key, session.login, session.opened_at, session.expires_at > now() as is_alive,
    session.upload_count, session.upload_bytes,
    partner.partner_key, partner.name as partner, partner.state, partner.settings, coalesce(door.is_open, false) as is_open
from journal.session
join journal.partner using (partner_key)
left join journal.door on door.login = session.login and door.partner_key = session.partner_key
where session.token_hash = :token_hash
