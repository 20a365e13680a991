-- The newest proposal that each row of a file of approvals can mean.
select distinct on (told.row_no) told.row_no, proposal.proposal_key, proposal.state, proposal.partner_key
from jsonb_to_recordset(cast(:told as jsonb) -> 'rows')
    as told (row_no integer, partner text, offer text, amount numeric, currency text)
join journal.partner as buyer on buyer.name = told.partner
join core.price_proposal as proposal on proposal.source_key = :source_key and proposal.partner_key = buyer.partner_key
    and proposal.offer_id = told.offer and (proposal.amount, proposal.currency) = (told.amount, told.currency)
order by told.row_no, proposal.proposal_key desc
