select id, parent_id, name, null::text as classifier_id, null::boolean as is_deleted, null::text as version, null::jsonb as extra
from chosen_group
union all
select delta.key, null, held.name, null, true, null, null
from delta
left join core.product_group as held on held.partner_key = :source_key and held.id = delta.key
where delta.dataset = 'groups' and delta.effect = 'delete'
order by 1
