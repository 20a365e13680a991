insert into journal.partner as held (name, time_zone, state, settings)
values (:name, :time_zone, :state, :settings)
on conflict (name) do update
set time_zone = excluded.time_zone, state = excluded.state, settings = excluded.settings, changed_at = now()
where (held.time_zone, held.state, held.settings) is distinct from
      (excluded.time_zone, excluded.state, excluded.settings)
