with started as (
    update journal.delivery
    set state = 'sending', epoch = :epoch, attempts = attempts + 1, sent_at = now(), ended_at = null
    where partner_key = :partner_key and exchange = :exchange and state in ('planned', 'failed')
    returning delivery_key, partner_key, kind, idempotency_key, body, attempts
)
select delivery_key, partner_key, kind, idempotency_key, body, attempts from started order by delivery_key
