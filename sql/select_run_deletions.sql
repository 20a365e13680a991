-- Lists of an exchange that wait, whoever made them, and what these messages made go without a person. A run without
-- messages looks at exports whose sender fell silent: what went in the last minutes is its own doing.
select deletion_list.list_key, partner.name as partner, direction, dataset, would_go, reason, deletion_list.state,
       (select string_agg(format('%s (%s)', coalesce(first.name, ''), first.key), ', ' order by first.key)
        from (
            select name, key from journal.deletion
            where deletion.list_key = deletion_list.list_key and deletion.dataset = deletion_list.dataset
            order by key limit 5
        ) as first) as examples
from journal.deletion_list
join journal.partner using (partner_key)
where direction = 'in' and deletion_list.exchange = :exchange and (
    deletion_list.state = 'waiting'
    or deletion_list.state = 'confirmed' and decided_by = 'the brake' and (
        deletion_list.message_key = any(cast(:message_keys as bigint[]))
        or cardinality(cast(:message_keys as bigint[])) = 0 and decided_at > now() - interval '5 minutes'
    )
)
order by list_key
