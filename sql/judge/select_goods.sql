-- Goods as the judge sees them: with their first group, and the first property value that its dictionary does not
-- declare. A dictionary of this message goes before the one already kept; a property without choices judges nothing.
select goods.*, goods.ctid as row_id, goods.group_ids ->> 0 as first_group_id, undeclared.value as unknown_choice
from staging.goods
left join (
    with dictionary as (
        select id, choices
        from staging.properties
        where message_key = :message and cause is null and jsonb_array_length(choices) > 0
        union all
        select kept.id, kept.choices
        from core.property as kept
        join journal.message using (partner_key)
        where message.message_key = :message and kept.withdrawn_at is null and jsonb_array_length(kept.choices) > 0
          and not exists (
              select from staging.properties as staged
              where staged.message_key = :message and staged.cause is null and staged.id = kept.id
          )
    ), declared as (
        select dictionary.id, choice.value
        from dictionary
        cross join lateral jsonb_array_elements(dictionary.choices) as entry
        cross join lateral (values (entry.value ->> 'id'), (entry.value ->> 'value')) as choice (value)
    )
    select assigning.record_no, min(assigned.value) as value
    from staging.goods as assigning
    cross join lateral jsonb_array_elements(assigning.properties) as property
    cross join lateral jsonb_array_elements_text(property.value -> 'values') as assigned
    join (select distinct id from dictionary) as closed on closed.id = property.value ->> 'id'
    where assigning.message_key = :message and assigned.value <> ''
      and not exists (
          select from declared where declared.id = closed.id and declared.value = assigned.value
      )
    group by assigning.record_no
) as undeclared using (record_no)
where goods.message_key = :message
