-- The refusals this message drove again are answered by it: once each, whatever came of it.
update journal.refusal
set state = 'replayed', resolved_at = clock_timestamp(), replay_message_key = :message_key
where state = 'open' and refusal_key = any(cast(:refusal_keys as bigint[]))
