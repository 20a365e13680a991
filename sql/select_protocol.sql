-- What was said at the door in a session so far, in the order in which it was said.
select to_char(knock.at at time zone partner.time_zone, 'YYYY-MM-DD HH24:MI:SS') as at, knock.mode, knock.file_name,
       knock.body_bytes, knock.answer, partner.name as partner, session.user_agent, partner.time_zone
from journal.knock
join journal.session using (session_key)
join journal.partner on partner.partner_key = session.partner_key
where session_key = :session_key
order by knock.knock_key
