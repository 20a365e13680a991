select verdict, count(*) as prices
from core.price_deviation
where source = :source and partner = :partner
group by verdict
order by verdict
