-- Only records that differ from what we hold are written; their exit becomes 'accepted'.
-- A bare offer (Ид with prices or stock only) makes a missing offer known, never overwrites a known one.
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
           or not coalesce(staged.is_bare, false)
              and (held.digest <> staged.digest or held.withdrawn_at is not null and not coalesce(staged.is_deleted, false)))
), written as (
    insert into core.offer (
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
        product_key = excluded.product_key, characteristic_id = excluded.characteristic_id, catalog_id =
        excluded.catalog_id, name = excluded.name, article = excluded.article, barcode = excluded.barcode,
        unit_code = excluded.unit_code, unit_name = excluded.unit_name, packages = excluded.packages,
        characteristics = excluded.characteristics, properties = excluded.properties, requisites =
        excluded.requisites, is_deleted = excluded.is_deleted, version = excluded.version, extra =
        excluded.extra, digest = excluded.digest, message_key = excluded.message_key, withdrawn_at =
        excluded.withdrawn_at
    returning id
)
update staging.offers as staged set exit = 'accepted'
from written
where staged.message_key = :message_key and staged.id = written.id and staged.cause is null and not staged.is_repeat
