-- A product stands for its own offer where its file has no offer of that Ид, not even a refused one.
with missing as materialized (
    select record_no, offer_id from staging.prices as staged
    where staged.message_key = :message_key and staged.cause is null
      and not exists (
          select from staging.offers
          where offers.message_key = :message_key and offers.id = staged.offer_id and offers.cause is null
      )
      and not exists (
          select from core.offer where offer.partner_key = :partner_key and offer.id = staged.offer_id
      )
), standing as (
    select missing.record_no from missing
    where (
        exists (
            select from staging.goods
            where goods.message_key = :message_key and goods.id = missing.offer_id and goods.cause is null
        )
        or exists (
            select from core.product where product.partner_key = :partner_key and product.id = missing.offer_id
        )
    )
    and not exists (
        select from staging.record
        where record.message_key = :message_key and record.dataset = 'offers' and record.key = missing.offer_id
    )
)
update staging.prices as staged set
    cause = 'REF_MISSING', place = 'Предложение/Ид', value = staged.offer_id, expected = '', exit = 'refused'
from missing
where staged.message_key = :message_key and staged.record_no = missing.record_no
  and not exists (select from standing where standing.record_no = missing.record_no)
