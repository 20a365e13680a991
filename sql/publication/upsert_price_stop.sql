insert into core.price_stop (partner_key, currency, on_date, prices)
values (:portal_key, :currency, :on_date, :prices)
on conflict (partner_key, currency) where closed_at is null do update
set on_date = excluded.on_date, prices = excluded.prices
where (price_stop.on_date, price_stop.prices) is distinct from (excluded.on_date, excluded.prices)
