insert into journal.baseline (partner_key, exchange, stream, context, object_keys, slices, message_key)
values (:partner_key, :exchange, :stream, :context, :object_keys, :slices, :message_key)
on conflict (partner_key, exchange, stream) do update
set context = excluded.context, object_keys = excluded.object_keys, slices = excluded.slices,
    message_key = excluded.message_key
