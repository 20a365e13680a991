-- By portal: how long what 1C asked to import took until the portal acknowledged it, and what it has not heard of yet.
select portal, count(*) filter (where latency_s is not null) as messages,
       percentile_disc(0.5) within group (order by latency_s) as p50_s,
       percentile_disc(0.95) within group (order by latency_s) as p95_s,
       max(latency_s) as max_s,
       count(*) filter (where latency_s is null) as waiting,
       max(extract(epoch from now() - asked_at)) filter (where latency_s is null) as waiting_s
from journal.portal_latency
where (cast(:base as text) is null or base = :base)
  and (cast(:delivery_keys as bigint[]) is null or told_in = any(:delivery_keys))
  and (cast(:hours as integer) is null or noticed_at > now() - make_interval(hours => :hours))
group by portal
order by portal
