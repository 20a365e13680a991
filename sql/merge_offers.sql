-- Only records that differ from what we hold are written.
-- A bare offer (Ид with prices or stock only) makes a missing offer known, never overwrites a known one; it may
-- mark one as deleted.
-- A mark of deletion often carries Ид alone: what it does not say stays as it was.
with delta as (
    select staged.*, product.product_key
    from staging.offers as staged
    join lateral (
        select product_key from core.product
        where partner_key = :partner_key and product.id in (staged.product_id, staged.id)
        order by product.id = staged.product_id desc
        limit 1
    ) as product on true
    left join core.offer as held on held.partner_key = :partner_key and held.id = staged.id
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
      and (held.offer_key is null
           or (not coalesce(staged.is_bare, false) or staged.is_deleted)
              and (held.digest <> staged.digest or held.withdrawn_at is not null and not coalesce(staged.is_deleted, false)))
), written as (
    insert into core.offer as held (
        partner_key, product_key, id, characteristic_id, catalog_id, name, article, barcode, unit_code,
        unit_name, packages, characteristics, properties, requisites, is_deleted, version, extra, digest,
        message_key, withdrawn_at
    )
    select
        :partner_key, product_key, id, characteristic_id, catalog_id, name, article, barcode, unit_code,
        unit_name, packages, characteristics, properties, requisites, is_deleted, version, extra, digest,
        :message_key, case when is_deleted then cast(:recorded_at as timestamptz) end
    from delta
    order by id
    on conflict (partner_key, id) do update set
        product_key = excluded.product_key,
        characteristic_id = coalesce(excluded.characteristic_id, case when excluded.is_deleted then held.characteristic_id end),
        catalog_id = coalesce(excluded.catalog_id, case when excluded.is_deleted then held.catalog_id end),
        name = coalesce(excluded.name, case when excluded.is_deleted then held.name end),
        article = coalesce(excluded.article, case when excluded.is_deleted then held.article end),
        barcode = coalesce(excluded.barcode, case when excluded.is_deleted then held.barcode end),
        unit_code = coalesce(excluded.unit_code, case when excluded.is_deleted then held.unit_code end),
        unit_name = coalesce(excluded.unit_name, case when excluded.is_deleted then held.unit_name end),
        packages = coalesce(excluded.packages, case when excluded.is_deleted then held.packages end),
        characteristics = coalesce(excluded.characteristics, case when excluded.is_deleted then held.characteristics end),
        properties = coalesce(excluded.properties, case when excluded.is_deleted then held.properties end),
        requisites = coalesce(excluded.requisites, case when excluded.is_deleted then held.requisites end),
        is_deleted = excluded.is_deleted,
        version = coalesce(excluded.version, case when excluded.is_deleted then held.version end),
        extra = coalesce(excluded.extra, case when excluded.is_deleted then held.extra end),
        digest = excluded.digest,
        message_key = excluded.message_key,
        withdrawn_at = excluded.withdrawn_at
    returning id
)
insert into staging.changed_offers (message_key, record_no)
select :message_key, staged.record_no
from staging.offers as staged
join written on written.id = staged.id
where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
