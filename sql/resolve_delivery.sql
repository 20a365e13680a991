-- What did not arrive goes once more, as the same bytes; what arrived or is given up is over.
update journal.delivery
set state = case when :arrived_as = 'failed' then 'failed' else 'resolved' end,
    resolved_as = nullif(:arrived_as, 'failed'),
    resolved_by = case when :arrived_as <> 'failed' then :person end,
    resolved_why = :why,
    answer = answer || E'\n' || cast(:person as text) || ': ' || cast(:why as text),
    question = '', ended_at = now()
where delivery_key = :delivery_key
  and (state = 'in_doubt' or state in ('planned', 'failed') and :arrived_as = 'dropped')
returning delivery_key, partner_key, state
