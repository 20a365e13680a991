insert into journal.deletion_list (
    partner_key, direction, exchange, dataset, message_key, would_go, held, share_max, count_max, reason, content,
    state, decided_by, decided_why, decided_at
)
values (
    :partner_key, :direction, :exchange, :dataset, :message_key, :would_go, :held, :share_max, :count_max, :reason,
    :content, :state, :decided_by, :decided_why, case when :state <> 'waiting' then clock_timestamp() end
)
returning list_key
