select staging.mark_superseded(:message_key, holds_from)
from (
    select least(cast(:formed_at as timestamptz), received_at) as holds_from from journal.telling where message_key = :message_key
) as mine
