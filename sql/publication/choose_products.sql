-- Products of the chosen groups; with no groups selected, those of no group too.
insert into chosen_product (product_key, id, group_ids)
select product.product_key, product.id, coalesce(links.group_ids, '[]')
from core.product
left join lateral (
    select jsonb_agg(link.value order by link.ordinality) as group_ids
    from jsonb_array_elements_text(product.group_ids) with ordinality as link
    join chosen_group on chosen_group.id = link.value
) as links on true
where product.partner_key = :source_key and product.withdrawn_at is null
  and not coalesce(product.is_deleted, false)
  and (links.group_ids is not null or cardinality(cast(:groups as text[])) = 0)
