-- Offers go with their product only.
with gone as (
    update core.offer set withdrawn_at = clock_timestamp()
    from journal.deletion as listed, core.product
    where listed.list_key = :list_key and listed.dataset = 'offers' and listed.returned_in is null
      and offer.partner_key = :partner_key and offer.id = listed.key
      and offer.digest = listed.digest and offer.withdrawn_at is null
      and product.product_key = offer.product_key and product.withdrawn_at is not null
    returning offer.id
)
update journal.deletion set done_at = clock_timestamp()
where list_key = :list_key and dataset = 'offers' and key = any(array(select id from gone))
