-- One sentence for each thing that a person should look at.
select sentence
from (
    select 1 as rank, format('message %s is %s without books', message_key, state) as sentence
    from journal.unbalanced
    union all
    select 2, format('%s: message %s (%s) waits since %s', partner.name, message_key, file_name, received_at)
    from journal.message join journal.partner using (partner_key)
    where message.state = 'received' and received_at < now() - interval '1 hour' * least(:hours, 1)
    union all
    select 3, format('%s: nothing was received for %s hours', partner.name, cast(:hours as integer))
    from journal.partner
    where partner.state = 'active' and partner.settings -> 'publication' ->> 'source' is null and not exists (
        select from journal.message
        where message.partner_key = partner.partner_key and received_at > now() - make_interval(hours => :hours)
    )
    union all
    select 4, format('%s: %s open refusals %s, the oldest since %s', partner, records, cause, oldest_at)
    from journal.open_refusals
    where oldest_at < now() - make_interval(hours => :hours)
    union all
    select 5, format('%s: list %s waits for a person since %s, %s %s would go: %s',
                     partner, list_key, made_at, would_go, dataset, reason)
    from journal.waiting_deletions
    where made_at < now() - make_interval(hours => :hours)
    union all
    select 6, format('%s: no round of publication for %s minutes, it wants one every %s',
                     partner.name, floor(extract(epoch from now() - coalesce(last.ended_at, partner.changed_at)) / 60),
                     partner.settings -> 'publication' ->> 'every_min')
    from journal.partner
    left join lateral (
        select max(run.ended_at) as ended_at from journal.run
        where run.partner_key = partner.partner_key and exchange = 'publication' and outcome = 'completed'
    ) as last on true
    where partner.state = 'active' and partner.settings -> 'publication' ->> 'source' is not null
      and coalesce(last.ended_at, partner.changed_at)
          < now() - 2 * (partner.settings -> 'publication' ->> 'every_min')::integer * interval '1 minute'
    union all
    select 7, format('%s: delivery %s is %s since %s. %s %s', portal, delivery_key, replace(state, '_', ' '),
                     coalesce(sent_at, planned_at), answer, question)
    from journal.open_deliveries
    where planned_at < now() - make_interval(hours => :hours)
    union all
    select 8, format('%s: %s %s missing there, the first %s since %s', portal, count(*), dataset, min(key), min(found_at))
    from journal.missing_at_target
    group by portal, dataset
    union all
    select 9, format('%s: %s prices in %s stay out for want of a rate of %s', portal, prices, currency, on_date)
    from core.open_price_stop
    union all
    select 10, format('%s: its price %s %s of %s waits for approval since %s', partner.name, amount, currency, offer_id,
                      proposed_at)
    from core.price_proposal
    join journal.partner using (partner_key)
    where price_proposal.state = 'approval_wait' and proposed_at < now() - make_interval(hours => :hours)
) as late
order by rank, sentence
