-- The map that holds now.
select tree_key, version, sha256
from core.tree
where partner_key = :partner_key and source_key = :source_key
order by version desc
limit 1
