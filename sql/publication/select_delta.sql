select dataset, key, of_key, effect, replace(digest::text, '-', '') as digest, replace(before::text, '-', '') as before
from delta
order by dataset, key
