select cause, min(sentence) as sentence, count(*) as records
from journal.refusal
where message_key = :message_key
group by cause
order by count(*) desc, cause
