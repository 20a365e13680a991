-- Only records that differ from what we hold are written; their exit becomes 'accepted'.
-- A mark of deletion often carries Ид alone: what it does not say stays as it was.
with delta as (
    select staged.*
    from staging.goods as staged
    left join core.product as held on held.partner_key = :partner_key and held.id = staged.id
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
      and (held.digest is distinct from staged.digest
           or held.withdrawn_at is not null and not coalesce(staged.is_deleted, false))
), written as (
    insert into core.product as held (
        partner_key, id, catalog_id, name, full_name, article, code, barcode, part_number, description,
        is_description_html, kind, item_type, unit_code, unit_name, packages, pack_qty, weight_kg, volume_m3,
        availability_note, group_ids, category_id, country, brand, manufacturer_id, manufacturer_name, vat_rate,
        taxes, pictures, properties, characteristics, requisites, is_deleted, version, extra, digest,
        message_key, withdrawn_at
    )
    select
        :partner_key, id, catalog_id, name, full_name, article, code, barcode, part_number, description,
        is_description_html, kind, item_type, unit_code, unit_name, packages, pack_qty, weight_kg, volume_m3,
        availability_note, group_ids, category_id, country, brand, manufacturer_id, manufacturer_name, vat_rate,
        taxes, pictures, properties, characteristics, requisites, is_deleted, version, extra, digest,
        :message_key, case when is_deleted then cast(:recorded_at as timestamptz) end
    from delta
    order by id
    on conflict (partner_key, id) do update set
        catalog_id = coalesce(excluded.catalog_id, case when excluded.is_deleted then held.catalog_id end),
        name = coalesce(excluded.name, case when excluded.is_deleted then held.name end),
        full_name = coalesce(excluded.full_name, case when excluded.is_deleted then held.full_name end),
        article = coalesce(excluded.article, case when excluded.is_deleted then held.article end),
        code = coalesce(excluded.code, case when excluded.is_deleted then held.code end),
        barcode = coalesce(excluded.barcode, case when excluded.is_deleted then held.barcode end),
        part_number = coalesce(excluded.part_number, case when excluded.is_deleted then held.part_number end),
        description = coalesce(excluded.description, case when excluded.is_deleted then held.description end),
        is_description_html = coalesce(excluded.is_description_html, case when excluded.is_deleted then held.is_description_html end),
        kind = coalesce(excluded.kind, case when excluded.is_deleted then held.kind end),
        item_type = coalesce(excluded.item_type, case when excluded.is_deleted then held.item_type end),
        unit_code = coalesce(excluded.unit_code, case when excluded.is_deleted then held.unit_code end),
        unit_name = coalesce(excluded.unit_name, case when excluded.is_deleted then held.unit_name end),
        packages = coalesce(excluded.packages, case when excluded.is_deleted then held.packages end),
        pack_qty = coalesce(excluded.pack_qty, case when excluded.is_deleted then held.pack_qty end),
        weight_kg = coalesce(excluded.weight_kg, case when excluded.is_deleted then held.weight_kg end),
        volume_m3 = coalesce(excluded.volume_m3, case when excluded.is_deleted then held.volume_m3 end),
        availability_note = coalesce(excluded.availability_note, case when excluded.is_deleted then held.availability_note end),
        group_ids = coalesce(excluded.group_ids, case when excluded.is_deleted then held.group_ids end),
        category_id = coalesce(excluded.category_id, case when excluded.is_deleted then held.category_id end),
        country = coalesce(excluded.country, case when excluded.is_deleted then held.country end),
        brand = coalesce(excluded.brand, case when excluded.is_deleted then held.brand end),
        manufacturer_id = coalesce(excluded.manufacturer_id, case when excluded.is_deleted then held.manufacturer_id end),
        manufacturer_name = coalesce(excluded.manufacturer_name, case when excluded.is_deleted then held.manufacturer_name end),
        vat_rate = coalesce(excluded.vat_rate, case when excluded.is_deleted then held.vat_rate end),
        taxes = coalesce(excluded.taxes, case when excluded.is_deleted then held.taxes end),
        pictures = coalesce(excluded.pictures, case when excluded.is_deleted then held.pictures end),
        properties = coalesce(excluded.properties, case when excluded.is_deleted then held.properties end),
        characteristics = coalesce(excluded.characteristics, case when excluded.is_deleted then held.characteristics end),
        requisites = coalesce(excluded.requisites, case when excluded.is_deleted then held.requisites end),
        is_deleted = excluded.is_deleted,
        version = coalesce(excluded.version, case when excluded.is_deleted then held.version end),
        extra = coalesce(excluded.extra, case when excluded.is_deleted then held.extra end),
        digest = excluded.digest,
        message_key = excluded.message_key,
        withdrawn_at = excluded.withdrawn_at
    returning id
)
update staging.goods as staged set exit = 'accepted'
from written
where staged.message_key = :message_key and staged.id = written.id and staged.cause is null and not staged.is_repeat
