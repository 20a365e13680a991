-- How many records of each kind a base's files of the last hours changed here.
select books.dataset, cast(sum(books.received) as bigint) as received, cast(sum(books.accepted) as bigint) as accepted
from journal.books
join journal.message using (message_key)
join journal.partner using (partner_key)
where message.direction = 'in' and books.written_at > now() - make_interval(hours => :hours)
  and (cast(:base as text) is null or partner.name = :base)
group by 1
order by 1
