insert into projection (dataset, key, digest)
select 'groups', id, md5(jsonb_build_array(id, parent_id, name)::text)::uuid
from chosen_group
