-- What asking the portals of a base showed last, by portal: the kinds that differ or lag, and the report.
select portal, verified_at, max(report_key) as report_key, sum(our_records)::bigint as our_records,
       sum(differing)::bigint as differing, sum(lagging)::bigint as lagging,
       coalesce(bool_and(our_hash = their_hash), true) as is_equal
from journal.last_verification
join journal.partner as shop on shop.name = last_verification.portal
where (cast(:base as text) is null or shop.settings -> 'publication' ->> 'source' = :base)
  and verified_at > now() - make_interval(hours => :hours)
group by portal, verified_at
order by portal
