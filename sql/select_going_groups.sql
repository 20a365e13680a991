-- Groups that would go: of those that are absent, the ones that nothing needs that stays.
with recursive absent as (
    select unnest(cast(:keys as text[])) as id
), needed as (
    select link.value as id
    from core.product
    cross join lateral jsonb_array_elements_text(product.group_ids) as link
    where product.partner_key = :partner_key and product.withdrawn_at is null
      and link.value in (select id from absent)
    union
    select product_group.parent_id
    from core.product_group
    where product_group.partner_key = :partner_key and product_group.withdrawn_at is null
      and product_group.parent_id in (select id from absent)
      and product_group.id not in (select id from absent)
    union
    select product_group.parent_id
    from needed
    join core.product_group on product_group.partner_key = :partner_key and product_group.id = needed.id
    where product_group.parent_id is not null
)
select 'groups' as dataset, id as key, name, replace(digest::text, '-', '') as digest
from core.product_group
where partner_key = :partner_key and id in (select id from absent) and id not in (select id from needed)
