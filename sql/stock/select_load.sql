select load_key, version, sha256, loaded_by, loaded_at from core.load
where kind = :kind and source_key is not distinct from cast(:source_key as integer)
  and partner_key is not distinct from cast(:partner_key as integer)
order by version desc
limit 1
