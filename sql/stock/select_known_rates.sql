-- Rows of a file whose rate is what we hold already.
select told.row_no
from jsonb_to_recordset(cast(:told as jsonb) -> 'rows')
    as told (row_no integer, currency text, on_date date, units integer, rate numeric)
join core.currency_rate_now as held using (currency, on_date)
where (held.units, held.rate) = (told.units, told.rate)
