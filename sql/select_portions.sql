-- Files that ended, in the order in which they were taken, from the one on with which the last export began.
-- A session is open while its client may still say the end of its export.
select
    message.message_key, turn.turn, message.file_name, message.message_key > :settled as is_new, message.state,
    message.origin, message.manifest_key, case message.origin when 'member' then message.parent_key end as parent_key,
    session.session_key, coalesce(session.version is not null, false) as is_split_session,
    coalesce(session.completed_at is not null, false) as is_end_said,
    coalesce(
        session.version is not null and session.completed_at is null and session.expires_at > now()
        and not exists (
            select from journal.session as newer
            where newer.login = session.login and newer.session_key > session.session_key
        ), false
    ) as is_open,
    extract(epoch from now() - message.received_at)::float8 as age_s,
    message.extent, message.heading ->> 'catalog_id' as catalog_id, message.heading ->> 'classifier_id' as classifier_id,
    message.heading ->> 'package_id' is not null or counted.offers > 0 as is_package,
    counted.goods, counted.groups, counted.offers
from journal.message
cross join lateral (
    select case message.origin when 'member' then message.parent_key else message.message_key end as turn
) as turn
left join journal.session on session.session_key = message.session_key
cross join lateral (
    select
        coalesce(sum(received) filter (where dataset = 'goods'), 0)::bigint as goods,
        coalesce(sum(received) filter (where dataset = 'groups'), 0)::bigint as groups,
        coalesce(sum(received) filter (where dataset = 'offers'), 0)::bigint as offers
    from journal.books
    where books.message_key = message.message_key
) as counted
where message.partner_key = :partner_key and message.exchange = :exchange and message.direction = 'in'
  and message.message_key >= :begun and turn.turn >= :begun and message.state <> 'received'
  and (message.state = 'refused' or message.dialect not in ('archive', 'attachment'))
order by turn.turn, message.message_key
