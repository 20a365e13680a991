select name, partner_key, settings -> 'publication' ->> 'source' as source,
       coalesce(settings -> 'publication' ->> 'pricing', 'base') as pricing
from journal.partner
where name = any(cast(:names as text[]))
