-- How long a change takes to reach whom it concerns, and what asking the other side showed.

-- What 1C asked to import, and when: the first such request after the file had come.
create index on journal.knock (session_key, file_name) where mode = 'import';
create index on journal.notice (delivery_key);
create index on journal.notice (made_at);
create index on journal.delivery (ended_at);

-- Of a dropped package nobody knows how much arrived: each of its records is told again, and the last of the packages
-- that do so counts. Null while one of them is on its way. A view asks it for those who may not read deliveries.
create function journal.heard_again_at(dropped bigint) returns timestamptz language sql stable security definer
set search_path = pg_catalog as $$
    select case when count(*) filter (
               where coalesce(again.resolved_as, again.state, '') <> 'delivered'
           ) = 0 then max(again.ended_at) end
    from journal.delivery as first
    join journal.carried using (delivery_key)
    left join lateral (
        select delivery.state, delivery.resolved_as, delivery.ended_at
        from journal.carried as next
        join journal.delivery using (delivery_key)
        where next.dataset = carried.dataset and next.key = carried.key
          and delivery.partner_key = first.partner_key and delivery.delivery_key > first.delivery_key
          and delivery.resolved_as is distinct from 'dropped'
        order by delivery.delivery_key
        limit 1
    ) as again on true
    where first.delivery_key = dropped
$$;

create view journal.portal_latency as
select portal.name as portal, base.name as base, message.message_key, message.file_name,
       notice.made_at as noticed_at, notice.delivery_key as told_in, asked.at as asked_at,
       heard.at as acknowledged_at, cast(extract(epoch from heard.at - asked.at) as double precision) as latency_s
from journal.notice
join journal.partner as portal using (partner_key)
join journal.message on message.message_key = notice.message_key
join journal.partner as base on base.partner_key = message.partner_key
left join journal.message as archive on archive.message_key = message.parent_key and message.origin = 'member'
left join journal.delivery as told on told.delivery_key = notice.delivery_key
left join lateral (
    select min(knock.at - knock.duration_ms * interval '1 millisecond') as at
    from journal.knock
    where knock.session_key = coalesce(message.session_key, archive.session_key) and mode = 'import'
      and knock.file_name = message.file_name and knock.at >= coalesce(archive.received_at, message.received_at)
) as knock on true
cross join lateral (select coalesce(knock.at, message.received_at) as at) as asked
cross join lateral (
    select case
        when coalesce(told.resolved_as, told.state) = 'delivered' then told.ended_at
        when told.resolved_as = 'dropped' then journal.heard_again_at(told.delivery_key)
    end as at
) as heard
where notice.settled_at is null or notice.delivery_key is not null;
comment on view journal.portal_latency is
    'From 1C''s import to the portal''s acknowledgement, by message; without a latency where the portal has not heard of it yet. A message that held nothing for a portal is not here.';

-- Both sides of a kind of record each time a portal was asked. What is on its way to it is lag, no difference.
create table journal.verification (
    partner_key integer not null references journal.partner,
    verified_at timestamptz not null,
    dataset text not null,
    our_records bigint not null,
    their_records bigint not null,
    our_total numeric,
    their_total numeric,
    our_hash text not null,
    their_hash text not null,
    differing bigint not null,
    lagging bigint not null,
    report_key text not null,
    primary key (partner_key, verified_at, dataset)
);
comment on column journal.verification.verified_at is 'The database''s clock at the snapshot of our side; theirs was read just before.';

create view journal.last_verification as
select partner.name as portal, last.*
from journal.partner
join lateral (
    select * from journal.verification
    where verification.partner_key = partner.partner_key
      and verified_at = (
          select max(verified_at) from journal.verification as each where each.partner_key = partner.partner_key
      )
) as last using (partner_key);

create view journal.lag as
select partner.name as portal, difference.dataset, difference.key, difference.field, difference.ours,
       difference.theirs, difference.found_at, told.delivery_key, told.state as delivery_state
from journal.difference
join journal.partner using (partner_key)
left join journal.shown
    on shown.partner_key = difference.partner_key and shown.dataset = difference.dataset and shown.key = difference.key
    and shown.planned_digest is distinct from shown.acked_digest
left join journal.delivery as told on told.delivery_key = shown.planned_in
where difference.kind = 'lag' and difference.gone_at is null;
comment on view journal.lag is
    'What a portal showed, when it was asked last, otherwise than we hold it now, because it has not acknowledged our latest word yet. The delivery is the package that tells of it; none: it is not formed yet, or the portal has put it into its own queue.';

grant select, insert on journal.verification to obmen_flow;
grant select on journal.verification to obmen_auditor;
grant select on journal.portal_latency, journal.last_verification, journal.lag
    to obmen_flow, obmen_reader, obmen_auditor;
