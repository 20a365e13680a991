insert into core.attachment as held (partner_key, path, sha256, size, object_key, message_key)
values (:partner_key, :path, :sha256, :size, :object_key, :message_key)
on conflict (partner_key, path) do update
set sha256 = excluded.sha256, size = excluded.size, object_key = excluded.object_key,
    message_key = excluded.message_key
where held.sha256 <> excluded.sha256
returning path
