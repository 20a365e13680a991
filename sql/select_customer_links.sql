select product_key, product_id, group_id::text as group_id
from core.customer_link(:portal_key, :source_key)
order by product_id, group_id
