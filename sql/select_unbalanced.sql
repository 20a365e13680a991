select format('message %s is %s without books', message_key, state) as sentence
from journal.unbalanced
order by message_key
