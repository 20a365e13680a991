select dataset, received, accepted, unchanged, refused
from journal.books
where message_key = :message_key
order by dataset <> 'file', dataset
