insert into core.load (
    kind, source_key, partner_key, version, file_name, sha256, size, object_key, received, accepted, unchanged, refused,
    loaded_by
)
values (
    :kind, :source_key, :partner_key, :version, :file_name, :sha256, :size, :object_key, :received, :accepted,
    :unchanged, :refused, :person
)
returning load_key
