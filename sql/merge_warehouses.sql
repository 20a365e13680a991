-- Only records that differ from what we hold are written; their exit becomes 'accepted'.
-- A mark of deletion often carries Ид alone: what it does not say stays as it was.
with delta as (
    select staged.*
    from staging.warehouses as staged
    left join core.warehouse as held on held.partner_key = :partner_key and held.id = staged.id
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
      and (held.digest is distinct from staged.digest
           or held.withdrawn_at is not null and not coalesce(staged.is_deleted, false))
), written as (
    insert into core.warehouse as held (
        partner_key, id, name, address, is_deleted, version, extra, digest, message_key, withdrawn_at
    )
    select
        :partner_key, id, name, address, is_deleted, version, extra, digest, :message_key, case when is_deleted
        then cast(:recorded_at as timestamptz) end
    from delta
    order by id
    on conflict (partner_key, id) do update set
        name = coalesce(excluded.name, case when excluded.is_deleted then held.name end),
        address = coalesce(excluded.address, case when excluded.is_deleted then held.address end),
        is_deleted = excluded.is_deleted,
        version = coalesce(excluded.version, case when excluded.is_deleted then held.version end),
        extra = coalesce(excluded.extra, case when excluded.is_deleted then held.extra end),
        digest = excluded.digest,
        message_key = excluded.message_key,
        withdrawn_at = excluded.withdrawn_at
    returning id
)
update staging.warehouses as staged set exit = 'accepted'
from written
where staged.message_key = :message_key and staged.id = written.id and staged.cause is null and not staged.is_repeat
