select dataset, bool_or(effect = 'delete') as has_deletes
from delta
group by dataset
