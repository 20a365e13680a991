-- Goods as they were when the list was made, unless a file has brought them since.
with gone as (
    update core.product set withdrawn_at = clock_timestamp()
    from journal.deletion as listed
    where listed.list_key = :list_key and listed.dataset = 'goods' and listed.returned_in is null
      and product.partner_key = :partner_key and product.id = listed.key
      and product.digest = listed.digest and product.withdrawn_at is null
    returning product.id
)
update journal.deletion set done_at = clock_timestamp()
where list_key = :list_key and dataset = 'goods' and key = any(array(select id from gone))
