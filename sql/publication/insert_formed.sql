insert into journal.message (
    partner_key, exchange, direction, dialect, sha256, size, object_key, file_name, origin, state, epoch, formed_at,
    extent, heading, rules, manifest_key, merkle_root, received_at, closed_at
)
values (
    :partner_key, :exchange, 'out', :dialect, :sha256, :size, :object_key, :file_name, 'formed', 'formed', :epoch,
    :formed_at, :extent, :heading, :rules, :manifest_key, :merkle_root, clock_timestamp(), clock_timestamp()
)
returning message_key
