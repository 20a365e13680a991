-- The groups that were selected with all below them; none selected: all. A group whose parent stays out becomes a root.
with recursive chosen as (
    select id, parent_id, name
    from core.product_group
    where partner_key = :source_key and withdrawn_at is null and not coalesce(is_deleted, false)
      and (id = any(cast(:groups as text[])) or cardinality(cast(:groups as text[])) = 0)
    union
    select below.id, below.parent_id, below.name
    from core.product_group as below
    join chosen on chosen.id = below.parent_id
    where below.partner_key = :source_key and below.withdrawn_at is null and not coalesce(below.is_deleted, false)
)
insert into chosen_group (id, parent_id, name)
select chosen.id, parent.id, chosen.name
from chosen
left join chosen as parent on parent.id = chosen.parent_id
