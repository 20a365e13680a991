select door.partner_key, partner.name as partner, partner.state, partner.settings, door.password_hash, door.is_open
from journal.door
join journal.partner using (partner_key)
where door.login = :login
