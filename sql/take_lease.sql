-- Whoever holds the lock takes the next epoch; without it only from a holder that froze.
insert into journal.lease as held (partner_key, exchange, epoch, holder)
select :partner_key, :exchange, 1, :holder
where :is_ours or exists (
    select from journal.lease where partner_key = :partner_key and exchange = :exchange
)
on conflict (partner_key, exchange) do update
set epoch = held.epoch + 1, holder = excluded.holder, renewed_at = now()
where :is_ours or held.renewed_at < now() - make_interval(secs => :frozen_after_s)
returning epoch
