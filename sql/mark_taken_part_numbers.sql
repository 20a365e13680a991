-- Unique inside a vendor, in any case and spacing; the sender's own spelling is what we keep.
with spelt as (
    select record_no, id, coalesce(manufacturer_id, manufacturer_name, '') as vendor,
           upper(regexp_replace(part_number, '\s', '', 'g')) as part_number
    from staging.goods
    where message_key = :message_key and cause is null and not is_repeat and part_number is not null
      and not coalesce(is_deleted, false)
), taken as (
    select spelt.record_no, min(coalesce(held.id, other.id)) as by_id
    from spelt
    left join spelt as other
        on other.vendor = spelt.vendor and other.part_number = spelt.part_number and other.id <> spelt.id
    left join core.product as held
        on held.partner_key = :partner_key and coalesce(held.manufacturer_id, held.manufacturer_name, '') = spelt.vendor
        and upper(regexp_replace(held.part_number, '\s', '', 'g')) = spelt.part_number and held.part_number is not null
        and held.id <> spelt.id and held.withdrawn_at is null
        and not exists (
            select from staging.goods as staged
            where staged.message_key = :message_key and staged.id = held.id and staged.cause is null
        )
    where other.id is not null or held.id is not null
    group by spelt.record_no
)
update staging.goods as staged set
    cause = 'PART_NUMBER_TAKEN', place = 'Товар/PartNumber', value = staged.part_number,
    expected = taken.by_id, exit = 'refused'
from taken
where staged.message_key = :message_key and staged.record_no = taken.record_no
