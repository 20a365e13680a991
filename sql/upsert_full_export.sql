insert into journal.full_export as held (
    begin_key, end_key, partner_key, exchange, goods_files, goods, groups, is_end_said, outcome, doubts
)
values (
    :begin_key, :end_key, :partner_key, :exchange, :goods_files, :goods, :groups, :is_end_said, :outcome, :doubts
)
on conflict (begin_key) do update set
    end_key = excluded.end_key, goods_files = excluded.goods_files, goods = excluded.goods,
    groups = excluded.groups, is_end_said = excluded.is_end_said, outcome = excluded.outcome,
    doubts = excluded.doubts, settled_at = clock_timestamp()
