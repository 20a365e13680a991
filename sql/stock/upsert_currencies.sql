insert into core.currency (spelling, code, exponent)
select spelling, code, exponent
from jsonb_to_recordset(cast(:spellings as jsonb) -> 'rows') as told (spelling text, code text, exponent integer)
on conflict (spelling) do update set code = excluded.code, exponent = excluded.exponent
where (currency.code, currency.exponent) is distinct from (excluded.code, excluded.exponent)
