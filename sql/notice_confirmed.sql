-- A portal whose deletions were agreed to is due again: its last notice is opened once more.
update journal.notice set settled_at = null
from journal.deletion_list
where deletion_list.list_key = :list_key and notice.partner_key = deletion_list.partner_key
  and notice.notice_key = (
      select max(latest.notice_key) from journal.notice as latest
      where latest.partner_key = deletion_list.partner_key
  )
