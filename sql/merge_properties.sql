-- Only records that differ from what we hold are written; their exit becomes 'accepted'.
-- A mark of deletion often carries Ид alone: what it does not say stays as it was.
with delta as (
    select staged.*
    from staging.properties as staged
    left join core.property as held on held.partner_key = :partner_key and held.id = staged.id
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
      and (held.digest is distinct from staged.digest
           or held.withdrawn_at is not null and not coalesce(staged.is_deleted, false))
), written as (
    insert into core.property as held (
        partner_key, id, name, description, classifier_id, value_type, is_required, is_multiple, for_goods,
        for_offers, is_external, choices, is_deleted, version, extra, digest, message_key, withdrawn_at
    )
    select
        :partner_key, id, name, description, classifier_id, value_type, is_required, is_multiple, for_goods,
        for_offers, is_external, choices, is_deleted, version, extra, digest, :message_key, case when is_deleted
        then cast(:recorded_at as timestamptz) end
    from delta
    order by id
    on conflict (partner_key, id) do update set
        name = coalesce(excluded.name, case when excluded.is_deleted then held.name end),
        description = coalesce(excluded.description, case when excluded.is_deleted then held.description end),
        classifier_id = coalesce(excluded.classifier_id, case when excluded.is_deleted then held.classifier_id end),
        value_type = coalesce(excluded.value_type, case when excluded.is_deleted then held.value_type end),
        is_required = coalesce(excluded.is_required, case when excluded.is_deleted then held.is_required end),
        is_multiple = coalesce(excluded.is_multiple, case when excluded.is_deleted then held.is_multiple end),
        for_goods = coalesce(excluded.for_goods, case when excluded.is_deleted then held.for_goods end),
        for_offers = coalesce(excluded.for_offers, case when excluded.is_deleted then held.for_offers end),
        is_external = coalesce(excluded.is_external, case when excluded.is_deleted then held.is_external end),
        choices = coalesce(excluded.choices, case when excluded.is_deleted then held.choices end),
        is_deleted = excluded.is_deleted,
        version = coalesce(excluded.version, case when excluded.is_deleted then held.version end),
        extra = coalesce(excluded.extra, case when excluded.is_deleted then held.extra end),
        digest = excluded.digest,
        message_key = excluded.message_key,
        withdrawn_at = excluded.withdrawn_at
    returning id
)
update staging.properties as staged set exit = 'accepted'
from written
where staged.message_key = :message_key and staged.id = written.id and staged.cause is null and not staged.is_repeat
