select dataset, cast(sum(received) as bigint) as received, cast(sum(accepted) as bigint) as accepted,
       cast(sum(unchanged) as bigint) as unchanged, cast(sum(refused) as bigint) as refused
from journal.books
where message_key = any(cast(:message_keys as bigint[]))
group by dataset
order by dataset
