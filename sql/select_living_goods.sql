select id as key
from core.product
where partner_key = :partner_key and withdrawn_at is null
  and (catalog_id = any(cast(:owners as text[])) or cast(:with_none as boolean) and catalog_id is null)
