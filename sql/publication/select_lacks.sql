select currency, prices, (now() at time zone :zone)::date as on_date from price_lack order by currency
