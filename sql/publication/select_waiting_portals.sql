select distinct partner.name
from journal.notice
join journal.partner using (partner_key)
where settled_at is null and partner.state = 'active'
order by 1
