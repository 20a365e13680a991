-- By which exit the records left that are not unchanged: their numbers, some thousands a row.
with left_by as (
    select dataset, record_no, exit, cause from staging.record where message_key = :message_key and exit <> 'unchanged'
    union all
    select 'offers', record_no, 'accepted', null from staging.changed_offers where message_key = :message_key
    union all
    select 'prices', record_no, 'accepted', null from staging.changed_prices where message_key = :message_key
    union all
    select 'stock', record_no, 'accepted', null from staging.changed_stock where message_key = :message_key
)
select dataset, exit, cause, string_agg(record_no::text, ',') as record_nos
from left_by
group by dataset, exit, cause, record_no / 10000
