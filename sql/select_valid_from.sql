-- Since when the values of a message hold; see journal.telling.
select least(cast(:formed_at as timestamptz), received_at) as valid_from
from journal.telling
where message_key = :message_key
