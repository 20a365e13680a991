-- What the sender's last whole export before this one held.
select goods_files, goods, groups
from journal.full_export
where partner_key = :partner_key and exchange = :exchange and outcome = 'whole' and begin_key < :begin_key
order by begin_key desc
limit 1
