insert into core.tree (
    partner_key, source_key, version, file_name, sha256, size, object_key, received, accepted, refused, loaded_by
)
values (
    :partner_key, :source_key, :version, :file_name, :sha256, :size, :object_key, :received, :accepted, :refused, :person
)
returning tree_key
