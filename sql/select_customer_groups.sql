select id::text as id, parent_id::text as parent_id, name, path
from core.customer_group(:portal_key, :source_key)
order by path
