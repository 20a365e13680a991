-- The list, kept from others until this transaction ends: a file that carries its records waits so long.
select
    deletion_list.list_key, deletion_list.partner_key, partner.name as partner, direction, exchange, dataset, message_key,
    deletion_list.state, decided_by, decided_why,
    (select count(*) from journal.deletion where deletion.list_key = deletion_list.list_key) as listed
from journal.deletion_list
join journal.partner using (partner_key)
where list_key = :list_key
for update of deletion_list
