-- Of a product that is to go its key and name are enough.
select product.id, null::text as catalog_id, product.name, full_name, article, code, barcode, part_number, description,
       is_description_html, kind, item_type, unit_code, unit_name, packages, pack_qty, weight_kg, volume_m3,
       availability_note, chosen.group_ids, category_id, country, brand, manufacturer_id, manufacturer_name, vat_rate,
       taxes, pictures, properties, characteristics, requisites, null::boolean as is_deleted, null::text as version, extra
from delta
join core.product on product.partner_key = :source_key and product.id = delta.key
join chosen_product as chosen using (product_key)
where delta.dataset = 'goods' and delta.effect <> 'delete'
union all
select delta.key, null, product.name, null, null, null, null, null, null,
       null, null, null, null, null, null, null, null, null,
       null, null, null, null, null, null, null, null,
       null, null, null, null, null, true, null, null
from delta
left join core.product on product.partner_key = :source_key and product.id = delta.key
where delta.dataset = 'goods' and delta.effect = 'delete'
order by 1
