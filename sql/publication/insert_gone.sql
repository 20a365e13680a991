-- What the delivery takes away must not be there; told apart by its field.
insert into ours (dataset, key, field, value)
select dataset, key, 'gone', null
from journal.carried
where delivery_key = :delivery_key and effect = 'delete' and dataset in ('groups', 'goods', 'offers')
