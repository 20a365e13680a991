insert into journal.door as held (login, partner_key, password_hash, is_open)
values (:login, :partner_key, :password_hash, :is_open)
on conflict (login) do update
set partner_key = excluded.partner_key, password_hash = excluded.password_hash, is_open = excluded.is_open,
    changed_at = now()
where (held.partner_key, held.password_hash, held.is_open) is distinct from
      (excluded.partner_key, excluded.password_hash, excluded.is_open)
