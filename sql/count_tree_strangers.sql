-- Rows of the newest map for what the source does not have.
select count(*) as strangers
from core.tree_line as line
where line.tree_key = (
    select tree_key from core.tree
    where partner_key = :partner_key and source_key = :source_key
    order by version desc limit 1
)
  and not exists (
      select from core.product_group
      where line.kind = 'group' and product_group.partner_key = :source_key and product_group.id = line.id
  )
  and not exists (
      select from core.product
      where line.kind = 'product' and product.partner_key = :source_key and product.id = line.id
  )
