-- Whoever sees this source's catalog must hear that records are gone: told as of the export that lacks them.
insert into journal.notice (partner_key, message_key)
select portal.partner_key, gone.message_key
from journal.deletion_list as gone
join journal.partner as source on source.partner_key = gone.partner_key
join journal.partner as portal on portal.settings -> 'publication' ->> 'source' = source.name
where gone.list_key = :list_key and gone.message_key is not null and portal.state in ('active', 'paused')
  and exists (select from journal.deletion where deletion.list_key = gone.list_key and done_at is not null)
on conflict (partner_key, message_key) do update set settled_at = null, made_at = now()
