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
    where partner.state = 'active' and not exists (
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
) as late
order by rank, sentence
