-- Groups that hold nothing any more: no good that stays, no group that stays.
with recursive listed as (
    select key as id, digest from journal.deletion
    where list_key = :list_key and dataset = 'groups' and returned_in is null
), needed as (
    select link.value as id
    from core.product
    cross join lateral jsonb_array_elements_text(product.group_ids) as link
    where product.partner_key = :partner_key and product.withdrawn_at is null
      and exists (select from listed where listed.id = link.value)
    union
    select product_group.parent_id
    from core.product_group
    where product_group.partner_key = :partner_key and product_group.withdrawn_at is null
      and product_group.parent_id in (select id from listed)
      and not exists (
          select from listed where listed.id = product_group.id and listed.digest = product_group.digest
      )
    union
    select product_group.parent_id
    from needed
    join core.product_group on product_group.partner_key = :partner_key and product_group.id = needed.id
    where product_group.parent_id is not null
), gone as (
    update core.product_group as held set withdrawn_at = clock_timestamp()
    from listed
    where held.partner_key = :partner_key and held.id = listed.id and held.digest = listed.digest
      and held.withdrawn_at is null
      and not exists (select from needed where needed.id = held.id)
    returning held.id
)
update journal.deletion set done_at = clock_timestamp()
where list_key = :list_key and dataset = 'groups' and key = any(array(select id from gone))
