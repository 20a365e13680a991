-- Open refusals of a missing reference that is there now, of records that nobody brought since: they may be driven
-- again without anybody's decision. A price or stock figure may hang on its product, unless its file had that very
-- offer and it was refused: then it waits for the offer.
select refusal.refusal_key, refusal.message_key
from journal.refusal
join journal.message using (message_key)
where message.partner_key = :partner_key and message.exchange = :exchange
  and refusal.state = 'open' and refusal.cause = 'REF_MISSING'
  and case refusal.dataset || ' ' || refusal.place
      when 'groups Группа/ИдРодителя' then exists (
          select from core.product_group where partner_key = :partner_key and id = refusal.value)
      when 'goods Товар/Группы/Ид' then exists (
          select from core.product_group where partner_key = :partner_key and id = refusal.value)
      when 'offers Предложение/Ид' then exists (
          select from core.product where partner_key = :partner_key and id = refusal.value)
      when 'prices Цена/ИдТипаЦены' then exists (
          select from core.price_type where partner_key = :partner_key and id = refusal.value)
      when 'stock Склад/ИдСклада' then exists (
          select from core.warehouse where partner_key = :partner_key and id = refusal.value)
      when 'movements Склад/ИдСклада' then exists (
          select from core.warehouse where partner_key = :partner_key and id = refusal.value)
      when 'movements Предложение/Ид' then exists (
          select from core.offer where partner_key = :partner_key and id = refusal.value)
      else refusal.dataset in ('prices', 'stock') and refusal.place = 'Предложение/Ид' and (
          exists (select from core.offer where partner_key = :partner_key and id = refusal.value)
          or exists (select from core.product where partner_key = :partner_key and id = refusal.value)
              and not exists (
                  select from journal.refusal as offer
                  where offer.message_key = refusal.message_key and offer.dataset = 'offers'
                    and offer.natural_key = refusal.value
              )
      )
  end
order by refusal.message_key, refusal.byte_offset, refusal.record_no
