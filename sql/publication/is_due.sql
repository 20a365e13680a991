-- A portal has a round in its own time, and at once when something changed for it or waits to be sent.
select coalesce(max(run.started_at) + :every_min * interval '1 minute' <= now(), true)
       or exists (select from journal.notice where notice.partner_key = :partner_key and settled_at is null)
       or exists (
           select from journal.delivery
           where delivery.partner_key = :partner_key and delivery.exchange = :exchange and state = 'planned'
       ) as is_due
from journal.run
where run.partner_key = :partner_key and run.exchange = :exchange and outcome = 'completed'
