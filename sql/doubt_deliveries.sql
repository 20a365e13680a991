update journal.delivery
set state = 'in_doubt', ended_at = now(), answer = 'the run that sent it died before it heard the answer'
where partner_key = :partner_key and exchange = :exchange and state = 'sending' and epoch < :epoch
