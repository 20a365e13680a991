-- The oldest delivery that is not over, if it may go now: nothing overtakes one that failed or is in doubt.
with oldest as (
    select delivery_key
    from journal.delivery
    where partner_key = :partner_key and exchange = :exchange
      and state in ('planned', 'sending', 'failed', 'in_doubt')
    order by delivery_key
    limit 1
)
update journal.delivery as delivery
set state = 'sending', epoch = :epoch, attempts = attempts + 1, sent_at = now(), ended_at = null, question = ''
from oldest
where delivery.delivery_key = oldest.delivery_key and state in ('planned', 'failed')
  and (cast(:is_asked as boolean) or state = 'planned'
       or ended_at + least(power(2, least(attempts - 1, 6)), 60) * interval '1 minute' <= now())
returning delivery.delivery_key, partner_key, kind, idempotency_key, body, attempts
