-- Only records that differ from what we hold are written; their exit becomes 'accepted'.
with delta as (
    select staged.*
    from staging.goods as staged
    left join core.product as held on held.partner_key = :partner_key and held.id = staged.id
    where staged.message_key = :message_key and staged.cause is null and not staged.is_repeat
      and (held.digest is distinct from staged.digest
           or held.withdrawn_at is not null and not coalesce(staged.is_deleted, false))
), written as (
    insert into core.product (
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
        catalog_id = excluded.catalog_id, name = excluded.name, full_name = excluded.full_name, article =
        excluded.article, code = excluded.code, barcode = excluded.barcode, part_number = excluded.part_number,
        description = excluded.description, is_description_html = excluded.is_description_html, kind =
        excluded.kind, item_type = excluded.item_type, unit_code = excluded.unit_code, unit_name =
        excluded.unit_name, packages = excluded.packages, pack_qty = excluded.pack_qty, weight_kg =
        excluded.weight_kg, volume_m3 = excluded.volume_m3, availability_note = excluded.availability_note,
        group_ids = excluded.group_ids, category_id = excluded.category_id, country = excluded.country, brand =
        excluded.brand, manufacturer_id = excluded.manufacturer_id, manufacturer_name =
        excluded.manufacturer_name, vat_rate = excluded.vat_rate, taxes = excluded.taxes, pictures =
        excluded.pictures, properties = excluded.properties, characteristics = excluded.characteristics,
        requisites = excluded.requisites, is_deleted = excluded.is_deleted, version = excluded.version, extra =
        excluded.extra, digest = excluded.digest, message_key = excluded.message_key, withdrawn_at =
        excluded.withdrawn_at
    returning id
)
update staging.goods as staged set exit = 'accepted'
from written
where staged.message_key = :message_key and staged.id = written.id and staged.cause is null and not staged.is_repeat
