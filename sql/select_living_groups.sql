select id as key
from core.product_group
where partner_key = :partner_key and withdrawn_at is null
  and (classifier_id = any(cast(:owners as text[])) or cast(:with_none as boolean) and classifier_id is null)
