insert into journal.delivery (partner_key, exchange, kind, idempotency_key, message_key, body)
values (:partner_key, :exchange, :kind, :idempotency_key, :message_key, :body)
on conflict (idempotency_key) do nothing
returning delivery_key
