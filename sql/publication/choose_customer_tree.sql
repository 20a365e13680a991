-- The portal's own tree takes the place of the source's: what was chosen stays chosen, and stands where the portal's
-- map says. Only groups that hold something, and those above them.
with recursive links as (
    select link.product_key, link.group_id
    from core.customer_link(:portal_key, :source_key) as link
    join chosen_product using (product_key)
), tree as (
    select id, parent_id, name from core.customer_group(:portal_key, :source_key)
), used as (
    select tree.id, tree.parent_id, tree.name from tree where tree.id in (select group_id from links)
    union
    select above.id, above.parent_id, above.name from used join tree as above on above.id = used.parent_id
), cleared as (
    delete from chosen_group
), placed as (
    insert into chosen_group (id, parent_id, name)
    select id::text, parent_id::text, name from used
)
update chosen_product set group_ids = homes.group_ids
from (
    select product_key, jsonb_agg(group_id::text order by group_id) as group_ids from links group by product_key
) as homes
where homes.product_key = chosen_product.product_key
