select cause, count(*) as records, min(sentence_ru) as example
from journal.refusal
where message_key = any(cast(:message_keys as bigint[]))
group by cause
order by count(*) desc, cause
