update core.price_proposal
set state = :state, decided_by = :person, decided_why = :why, decided_in = :load_key, decided_at = clock_timestamp()
where proposal_key = :proposal_key and state = 'approval_wait'
returning proposal_key, partner_key, source_key, offer_id, amount, currency
