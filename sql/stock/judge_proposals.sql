-- What there is to say against each proposal of a file; an empty verdict: nothing.
select told.row_no,
       case when buyer.partner_key is null then 'no partner'
            when buyer.settings -> 'publication' ->> 'source' is distinct from seller.name then 'no customer'
            when buyer.settings -> 'publication' ->> 'pricing' is distinct from 'policy' then 'base prices'
            when offer.offer_key is null then 'no offer'
            when held.proposal_key is null then ''
            when (held.amount, held.currency) = (told.amount, told.currency) then 'known'
            else 'waits' end as verdict,
       held.proposal_key
from jsonb_to_recordset(cast(:told as jsonb) -> 'rows')
    as told (row_no integer, partner text, offer text, amount numeric, currency text)
join journal.partner as seller on seller.partner_key = :source_key
left join journal.partner as buyer on buyer.name = told.partner
left join core.offer on offer.partner_key = :source_key and offer.id = told.offer and offer.withdrawn_at is null
left join core.price_proposal as held on held.source_key = :source_key and held.partner_key = buyer.partner_key
    and held.offer_id = told.offer
    and held.proposal_key = (
        select max(newest.proposal_key) from core.price_proposal as newest
        where newest.source_key = :source_key and newest.partner_key = buyer.partner_key
          and newest.offer_id = told.offer
          and (newest.state = 'approval_wait'
               or newest.state = 'approved' and (newest.amount, newest.currency) = (told.amount, told.currency))
    )
