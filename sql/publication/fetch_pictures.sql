select path as name, object_key, sha256, size
from delta
join core.attachment on attachment.partner_key = :source_key and attachment.path = delta.key
where delta.dataset = 'pictures' and delta.effect <> 'delete'
order by path
