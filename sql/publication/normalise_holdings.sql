with mine as (
    update ours set value = trim_scale(value::numeric)::text
    where field in ('amount', 'quantity') and value is not null
)
update theirs set value = trim_scale(value::numeric)::text
where field in ('amount', 'quantity') and value is not null
