-- Closed messages that something newer stands in than in this one, by either order of journal.telling, which says
-- what they are. In almost every case none: all that is newer than a message arrived after its session began.
with mine as materialized (
    select telling.*, least(cast(:formed_at as timestamptz), telling.received_at) as holds_from, session.opened_at
    from journal.telling
    left join journal.session using (session_key)
    where message_key = :message_key
), later as (
    select later.message_key, later.manifest_key, later.valid_from, later.root_key, later.source_key,
           case when later.session_key <> mine.session_key then later.session_key > mine.session_key
           else (later.root_key, later.source_key) > (mine.root_key, mine.source_key) end as is_told_later,
           later.valid_from > mine.holds_from as is_formed_later, later.valid_from = mine.holds_from as is_formed_with_it
    from mine
    join journal.telling as later on later.partner_key = mine.partner_key and later.exchange = mine.exchange
    where later.state = 'closed' and later.manifest_key is not null and later.message_key <> mine.message_key
      and later.arrived_at >= least(mine.holds_from, mine.received_at, mine.opened_at)
)
select later.manifest_key, later.valid_from, later.is_told_later,
       later.is_formed_later or later.is_formed_with_it and later.is_told_later as is_formed_later,
       message.object_key, coalesce(message.rules -> 'terms' -> 'left_alone', '[]') as left_alone
from later
join journal.message using (message_key)
where later.is_told_later or later.is_formed_later
order by later.valid_from, later.root_key, later.source_key
