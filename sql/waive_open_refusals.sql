-- In the name of a person, for good. Refused files too: their cause is not driven again by itself.
update journal.refusal
set state = 'waived', resolved_at = clock_timestamp(), waived_by = :person, waived_why = :why
from journal.message, journal.partner
where message.message_key = refusal.message_key and partner.partner_key = message.partner_key
  and partner.name = :partner and refusal.cause = :cause and refusal.state = 'open'
  and (cast(:of_message as bigint) is null or message.message_key = :of_message)
