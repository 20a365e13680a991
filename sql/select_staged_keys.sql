-- What a later message must have told to make these records old. An offer that has Ид and prices only tells nothing of
-- the offer, and manifests do not say which ones do: what counts is a telling of the offer that is held, by its digest.
select record.dataset, record.record_no,
       case when record.dataset <> 'offers' then record.key else (
           select offer.id || '|' || replace(offer.digest::text, '-', '') from core.offer
           where offer.partner_key = :partner_key and offer.id = record.key and offer.name is not null
       ) end as told
from staging.record
where record.message_key = :message_key and record.exit <> 'refused'
