-- The tree as it would be: what the file says over what we hold. Every staged group on a cycle is refused.
with recursive edge as (
    select id collate "C" as id, parent_id collate "C" as parent_id from staging.groups
    where message_key = :message_key and cause is null and not is_repeat
    union all
    select held.id, held.parent_id from core.product_group as held
    where held.partner_key = :partner_key and held.withdrawn_at is null and not exists (
        select from staging.groups as staged
        where staged.message_key = :message_key and staged.cause is null and staged.id = held.id
    )
), climb as (
    select staged.id collate "C" as start_id, staged.parent_id collate "C" as at_id
    from staging.groups as staged
    where staged.message_key = :message_key and staged.cause is null and staged.parent_id is not null
    union
    select climb.start_id, edge.parent_id
    from climb join edge on edge.id = climb.at_id
    where edge.parent_id is not null and climb.at_id <> climb.start_id
)
update staging.groups as staged set
    cause = 'TREE_CYCLE', place = 'Группа/Группы/Группа/Ид', value = staged.id, expected = '', exit = 'refused'
from climb
where climb.start_id = climb.at_id
  and staged.message_key = :message_key and staged.id = climb.start_id and staged.cause is null
