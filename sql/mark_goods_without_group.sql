with missing as (
    select staged.record_no, min(link.value) as group_id
    from staging.goods as staged
    cross join lateral jsonb_array_elements_text(staged.group_ids) as link
    where staged.message_key = :message_key and staged.cause is null
      and not exists (
          select from staging.groups
          where groups.message_key = :message_key and groups.id = link.value and groups.cause is null
      )
      and not exists (
          select from core.product_group
          where product_group.partner_key = :partner_key and product_group.id = link.value
      )
    group by staged.record_no
)
update staging.goods as staged set
    cause = 'REF_MISSING', place = 'Товар/Группы/Ид', value = missing.group_id, expected = '', exit = 'refused'
from missing
where staged.message_key = :message_key and staged.record_no = missing.record_no
