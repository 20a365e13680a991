-- Of the files of a delivery only what it changes is in question.
delete from ours
where not exists (
    select from journal.carried
    where delivery_key = :delivery_key and effect <> 'delete' and carried.dataset = ours.dataset and carried.key = ours.key
)
