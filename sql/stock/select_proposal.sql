select proposal_key, state, decided_by from core.price_proposal where proposal_key = :proposal_key
