select refusal.refusal_key, refusal.message_key
from journal.refusal
join journal.message using (message_key)
join journal.partner using (partner_key)
where partner.name = :partner and refusal.cause = :cause and refusal.state = 'open' and refusal.dataset <> 'file'
order by refusal.message_key, refusal.byte_offset, refusal.record_no
