insert into journal.verification (
    partner_key, verified_at, dataset, our_records, their_records, our_total, their_total, our_hash, their_hash, differing,
    lagging, report_key
)
values (
    :portal_key, :verified_at, :dataset, :our_records, :their_records, cast(:our_total as numeric),
    cast(:their_total as numeric), :our_hash, :their_hash, :differing, :lagging, :report_key
)
