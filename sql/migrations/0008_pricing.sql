-- What a partner pays: rates of currencies, the price policy, agreed lists, approvals. All of it is loaded by named
-- people as versions that never change; what is computed from it names the rule and the rate that made it.

-- One row for each file that somebody loaded.
create table core.load (
    load_key bigint generated always as identity primary key,
    kind text not null check (kind in ('rates', 'price_policy', 'price_list', 'proposals', 'approvals')),
    source_key integer references journal.partner,
    partner_key integer references journal.partner,
    version integer not null check (version > 0),
    file_name text not null,
    sha256 bytea not null check (length(sha256) = 32),
    size bigint not null,
    object_key text not null,
    received integer not null,
    accepted integer not null,
    unchanged integer not null,
    refused integer not null,
    loaded_by text not null check (loaded_by <> ''),
    loaded_at timestamptz not null default clock_timestamp(),
    unique nulls not distinct (kind, source_key, partner_key, version),
    constraint load_balances check (received = accepted + unchanged + refused)
);
comment on column core.load.source_key is 'The accounting base whose goods are meant; rates belong to nobody.';
comment on column core.load.partner_key is 'With whom a price list was agreed.';

create table core.load_refusal (
    load_key bigint not null references core.load,
    row_no integer not null,
    column_name text not null,
    value text not null,
    sentence_ru text not null,
    primary key (load_key, row_no)
);

-- How senders spell currencies: codes and numbers of ISO 4217, and the roubles of 1C. Written by each load.
create table core.currency (
    spelling text collate "C" primary key,
    code text not null check (code ~ '^[A-Z]{3}$'),
    exponent integer not null
);

-- A rate is never changed: one that is corrected is a new row, and what was computed keeps the row it names.
create table core.currency_rate (
    rate_key bigint generated always as identity primary key,
    currency text not null check (currency ~ '^[A-Z]{3}$' and currency <> 'RUB'),
    on_date date not null,
    units integer not null check (units in (1, 10, 100, 1000, 10000, 100000)),
    rate numeric not null check (rate > 0),
    -- A power of ten divides without a remainder.
    for_one numeric generated always as (rate * (('1e-' || length(units::text) - 1)::numeric)) stored,
    source text not null,
    load_key bigint not null references core.load,
    row_no integer not null,
    recorded_at timestamptz not null default clock_timestamp()
);
comment on column core.currency_rate.rate is 'Roubles for so many units.';
create index on core.currency_rate (currency, on_date, rate_key);

create view core.currency_rate_now as
select distinct on (currency, on_date) rate_key, currency, on_date, units, rate, source, recorded_at
from core.currency_rate
order by currency, on_date, rate_key desc;

-- The rate of a day, at most so many days old: the Bank of Russia sets none for holidays. Roubles are roubles.
create function core.rate_of(day date, age_days integer)
returns table (currency text, rate_key bigint, on_date date, for_one numeric) language sql stable as $$
    select 'RUB', null::bigint, null::date, 1::numeric
    union all
    (select distinct on (held.currency) held.currency, held.rate_key, held.on_date, held.for_one
     from core.currency_rate as held
     where held.on_date between day - age_days and day
     order by held.currency, held.on_date desc, held.rate_key desc)
$$;

-- The price policy of a source: who belongs to which dealer group, and the rules.
create table core.dealer (
    load_key bigint not null references core.load,
    partner_key integer not null references journal.partner,
    dealer_group text collate "C" not null,
    row_no integer not null,
    primary key (load_key, partner_key)
);

create table core.price_rule (
    rule_key bigint generated always as identity primary key,
    load_key bigint not null references core.load,
    row_no integer not null,
    kind text not null check (kind in ('base', 'discount', 'fixed', 'rounding')),
    partner_key integer references journal.partner,
    dealer_group text collate "C",
    vendor text collate "C",
    product_group_id text collate "C",
    product_id text collate "C",
    offer_id text collate "C",
    min_qty numeric not null default 0 check (min_qty >= 0),
    price_type_id text collate "C",
    currency text,
    percent numeric check (percent between -1000 and 100),
    amount numeric check (amount >= 0),
    step numeric check (step > 0),
    check (num_nonnulls(partner_key, dealer_group) <= 1),
    check (num_nonnulls(offer_id, product_id, product_group_id) <= 1),
    check ((kind = 'base') = (price_type_id is not null)),
    check ((kind = 'discount') = (percent is not null)),
    check ((kind = 'fixed') = (amount is not null)),
    check ((kind = 'rounding') = (step is not null)),
    check (kind <> 'fixed' or currency is not null and num_nonnulls(offer_id, product_id) = 1),
    unique nulls not distinct
        (load_key, kind, partner_key, dealer_group, vendor, product_group_id, product_id, offer_id, min_qty)
);
comment on column core.price_rule.vendor is 'In capitals; an id or a name of the manufacturer, or the brand.';

-- The order in which rules win: what they are for, the narrowest first. Then the nearest group, then for whom (a
-- partner, its dealer group, everybody), then the largest quantity that is reached, then the row of the file.
create function core.narrowness(rule core.price_rule) returns integer language sql immutable as $$
    select case
        when rule.offer_id is not null then 5
        when rule.product_id is not null then 4
        when rule.product_group_id is not null and rule.vendor is not null then 3
        when rule.product_group_id is not null then 2
        when rule.vendor is not null then 1
        else 0
    end
$$;

-- The rules of the newest policy of a source that are for a partner; `reach` says for whom. Column by column: of a
-- whole row the planner would know nothing.
create function core.rule_for(portal integer, source integer)
returns table (
    rule_key bigint, row_no integer, kind text, vendor text, product_group_id text, product_id text, offer_id text,
    min_qty numeric, price_type_id text, currency text, percent numeric, amount numeric, step numeric, narrow integer,
    reach integer
) language sql stable as $$
    select held.rule_key, held.row_no, held.kind, held.vendor, held.product_group_id, held.product_id, held.offer_id,
           held.min_qty, held.price_type_id, held.currency, held.percent, held.amount, held.step, core.narrowness(held),
           case when held.partner_key is not null then 2 when held.dealer_group is not null then 1 else 0 end
    from core.price_rule as held
    left join core.dealer on dealer.load_key = held.load_key and dealer.partner_key = portal
    where held.load_key = (
        select load.load_key from core.load
        where load.kind = 'price_policy' and load.source_key = source
        order by load.version desc limit 1
    )
      and (held.partner_key = portal
           or held.partner_key is null and (held.dealer_group is null or held.dealer_group = dealer.dealer_group))
$$;

-- A price that an outlet asks for. It holds for this outlet alone, and only when the accounting base approved it; of
-- two that hold on a day the newer one.
create table core.price_proposal (
    proposal_key bigint generated always as identity primary key,
    load_key bigint not null references core.load,
    row_no integer not null,
    source_key integer not null references journal.partner,
    partner_key integer not null references journal.partner,
    offer_id text collate "C" not null,
    amount numeric not null check (amount >= 0),
    currency text not null,
    current_amount numeric,
    current_currency text,
    valid_from date not null,
    valid_to date not null default 'infinity',
    why text not null default '',
    proposed_at timestamptz not null default clock_timestamp(),
    state text not null default 'approval_wait'
        check (state in ('approval_wait', 'approved', 'rejected')),
    decided_by text,
    decided_why text,
    decided_at timestamptz,
    decided_in bigint references core.load,
    check (valid_from < valid_to),
    check ((state = 'approval_wait') = (decided_by is null)),
    unique (load_key, row_no)
);
comment on column core.price_proposal.decided_in is 'The file that decided it; null: a person did by hand.';
create unique index one_open_proposal on core.price_proposal (source_key, partner_key, offer_id)
    where state = 'approval_wait';
create index on core.price_proposal (source_key, partner_key, offer_id) where state = 'approved';

-- n / d to a multiple of a step, half up; exact, for only the whole quotient is taken.
create function core.round_half_up(n numeric, d numeric, step numeric) returns numeric language sql immutable as $$
    select div(2 * n + d * step, 2 * d * step) * step
$$;

-- What a partner pays for the offers of a source on a day, with what made each price. Null `chosen`: all living offers.
-- `lacks` names the currency without a rate, or that nobody knows: such a line has no amount, the others do.
create type core.paid as (
    offer_key bigint, offer_id text, unit text, min_qty numeric, coefficient numeric, tax_name text,
    is_tax_included boolean, amount numeric, currency text, price_type_id text, base_amount numeric,
    base_currency text, base_min_qty numeric, percent numeric, rule_key bigint, proposal_key bigint, rate_key bigint,
    to_rate_key bigint, rate_date date, lacks text
);

create function core.partner_price(portal integer, source integer, day date, rate_age_days integer, chosen bigint[])
returns setof core.paid language sql stable as $$
    with recursive mine as (
        select rule_key, row_no, kind, vendor, product_group_id collate "C" as product_group_id,
               product_id collate "C" as product_id, offer_id collate "C" as offer_id, min_qty,
               price_type_id collate "C" as price_type_id, currency, percent, amount, step, narrow, reach
        from core.rule_for(portal, source)
    ), base as (
        select type.price_type_key, mine.price_type_id, type.currency, type.tax_name, type.is_tax_included
        from mine
        join core.price_type as type on type.partner_key = source and type.id = mine.price_type_id
        where mine.kind = 'base' and type.withdrawn_at is null and not coalesce(type.is_deleted, false)
        order by mine.reach desc limit 1
    ), wanted as (
        select (select mine.currency from mine where mine.kind = 'base' order by mine.reach desc limit 1) as currency,
               (select mine.step from mine where mine.kind = 'rounding' order by mine.reach desc limit 1) as step
    ), offered as (
        select offer.offer_key, offer.id, product.id as product_id, product.group_ids,
               array_remove(array[
                   upper(product.manufacturer_id), upper(product.manufacturer_name), upper(product.brand)
               ], null) as vendors
        from core.offer
        join core.product using (product_key)
        where offer.partner_key = source and offer.withdrawn_at is null and not coalesce(offer.is_deleted, false)
          and product.withdrawn_at is null and not coalesce(product.is_deleted, false)
          and (chosen is null or offer.offer_key = any(chosen))
    ), below (rule_key, group_id, steps) as (
        select mine.rule_key, mine.product_group_id, 0 from mine where mine.product_group_id is not null
        union all
        select below.rule_key, child.id, below.steps + 1
        from below
        join core.product_group as child on child.partner_key = source and child.parent_id = below.group_id
        where child.withdrawn_at is null and below.steps < 100
    ), grouped as materialized (
        select below.group_id, below.steps, mine.rule_key, mine.vendor from below join mine using (rule_key)
    ), linked as materialized (
        select offered.offer_key, offered.vendors, link.value as group_id
        from offered
        cross join lateral jsonb_array_elements_text(offered.group_ids) as link
        where exists (select from grouped)
    ), matched (offer_key, rule_key, steps) as (
        select offered.offer_key, mine.rule_key, 0
        from offered join mine on mine.offer_id = offered.id
        union all
        select offered.offer_key, mine.rule_key, 0
        from offered join mine on mine.product_id = offered.product_id
        union all
        select linked.offer_key, grouped.rule_key, min(grouped.steps)
        from linked
        join grouped using (group_id)
        where grouped.vendor is null or grouped.vendor = any(linked.vendors)
        group by linked.offer_key, grouped.rule_key
        union all
        select distinct offered.offer_key, mine.rule_key, 0
        from offered
        cross join lateral unnest(offered.vendors) as vendor (name)
        join mine on mine.narrow = 1 and mine.vendor = vendor.name
        union all
        select offered.offer_key, mine.rule_key, 0
        from offered join mine on mine.narrow = 0
        where mine.kind = 'discount'
    ), said as (
        select matched.offer_key, mine.rule_key, null::bigint as proposal_key, mine.min_qty, mine.percent,
               mine.amount, mine.currency,
               -- What wins, in the order that is stated above, as one number: a list of numbers sorts slowly.
               (mine.kind = 'fixed')::integer * 100000 + mine.narrow * 10000 + (100 - matched.steps) * 10 + mine.reach
                   as rank,
               mine.row_no::bigint as row_no
        from matched
        join mine using (rule_key)
        union all
        select offered.offer_key, null, proposal.proposal_key, 0, null, proposal.amount, proposal.currency,
               200000, -proposal.proposal_key
        from offered
        join core.price_proposal as proposal on proposal.source_key = source and proposal.partner_key = portal
            and proposal.offer_id = offered.id
        where proposal.state = 'approved' and day >= proposal.valid_from and day < proposal.valid_to
    ), priced as (
        select offered.offer_key, coalesce(price.unit, '') collate "C" as unit, coalesce(price.min_qty, 0) as min_qty,
               price.amount, price.coefficient, coalesce(price.currency, base.currency) as currency,
               coalesce(price.tax_name, base.tax_name) as tax_name,
               coalesce(price.is_tax_included, base.is_tax_included) as is_tax_included
        from offered
        left join base on true
        left join core.price on price.offer_key = offered.offer_key and price.price_type_key = base.price_type_key
            and price.valid_to = 'infinity' and price.recorded_to = 'infinity'
    ), steps as (
        select priced.offer_key, priced.unit, priced.min_qty from priced
        union
        select priced.offer_key, priced.unit, said.min_qty from priced join said using (offer_key)
        where said.min_qty > 0 or said.amount is not null
    ), ruled as (
        select distinct on (steps.offer_key, steps.unit, steps.min_qty)
               steps.offer_key, steps.unit, steps.min_qty, said.rule_key, said.proposal_key, said.percent,
               said.amount, said.currency
        from steps
        left join said on said.offer_key = steps.offer_key and said.min_qty <= steps.min_qty
        order by steps.offer_key, steps.unit, steps.min_qty, said.rank desc, said.min_qty desc, said.row_no
    ), reckoned as (
        select distinct on (ruled.offer_key, ruled.unit, ruled.min_qty)
               ruled.offer_key, ruled.unit, ruled.min_qty, ruled.rule_key, ruled.proposal_key, ruled.percent,
               ruled.amount as fixed_amount, priced.min_qty as base_min_qty, priced.amount as base_amount,
               priced.coefficient, priced.currency as base_spelling, priced.tax_name, priced.is_tax_included,
               coalesce(ruled.amount * coalesce(priced.coefficient, 1), priced.amount) as amount,
               case when ruled.amount is null then priced.currency else ruled.currency end as spelling
        from ruled
        left join priced on priced.offer_key = ruled.offer_key and priced.unit = ruled.unit
            and priced.min_qty <= ruled.min_qty
        order by ruled.offer_key, ruled.unit, ruled.min_qty, priced.min_qty desc
    ), stepped as (
        select reckoned.*,
               lag(made.by) over (partition by offer_key, unit order by reckoned.min_qty) is not distinct from made.by
                   as is_same
        from reckoned
        cross join lateral (select array[base_min_qty, rule_key, proposal_key] as by) as made
        where reckoned.amount is not null
    ), rate as (
        select * from core.rate_of(day, rate_age_days)
    )
    select stepped.offer_key, offered.id, stepped.unit, stepped.min_qty, stepped.coefficient, stepped.tax_name,
           stepped.is_tax_included,
           core.round_half_up(
               stepped.amount * (100 - coalesce(stepped.percent, 0)) * factor.from_own, 100 * factor.to_paid,
               case when stepped.fixed_amount is not null and paid.code = meant.code then tick.size
                    else greatest(wanted.step, tick.size) end
           ),
           paid.code, base.price_type_id, stepped.base_amount,
           coalesce(based.code, stepped.base_spelling), stepped.base_min_qty, stepped.percent, stepped.rule_key, stepped.proposal_key,
           case when factor.is_needed then of_price.rate_key end,
           case when factor.is_needed then of_wanted.rate_key end,
           case when factor.is_needed then coalesce(of_price.on_date, of_wanted.on_date) end,
           case when meant.code is null then coalesce(stepped.spelling, '')
                when factor.from_own is null then meant.code
                when factor.to_paid is null then paid.code end
    from stepped
    join offered using (offer_key)
    cross join wanted
    left join base on true
    left join core.currency as meant on meant.spelling = upper(btrim(stepped.spelling))
    left join core.currency as based on based.spelling = upper(btrim(stepped.base_spelling))
    left join core.currency as paid on paid.spelling = coalesce(wanted.currency, meant.code)
    left join rate as of_price on of_price.currency = meant.code
    left join rate as of_wanted on of_wanted.currency = paid.code
    cross join lateral (
        select paid.code <> meant.code as is_needed,
               case when paid.code = meant.code then 1 else of_price.for_one end as from_own,
               case when paid.code = meant.code then 1 else of_wanted.for_one end as to_paid
    ) as factor
    cross join lateral (select ('1e-' || paid.exponent)::numeric as size) as tick
    where not stepped.is_same
$$;

-- The same of one offer, planned for it alone: a plan for all offers reads all of them.
create function core.offer_price(portal integer, source integer, day date, rate_age_days integer, offer bigint)
returns setof core.paid language plpgsql stable set jit = off set plan_cache_mode = force_custom_plan as $$
begin
    return query select * from core.partner_price(portal, source, day, rate_age_days, array[offer]);
end $$;

-- The same for people, by names: what a portal pays today for an offer, in steps of quantity, and what made it so.
create function core.portal_price(portal text, sku text)
returns table (
    offer_id text, unit text, min_qty numeric, amount numeric, currency text, base_amount numeric, base_currency text,
    percent numeric, made_by text, rate_date date, lacks text
) language sql stable as $$
    select price.offer_id, price.unit, price.min_qty, price.amount, price.currency, price.base_amount,
           price.base_currency, price.percent,
           case when price.proposal_key is not null then 'approved proposal ' || price.proposal_key
                when price.rule_key is not null then 'price policy version ' || load.version || ', row ' || rule.row_no
                else 'base price' end,
           price.rate_date, price.lacks
    from journal.partner as buyer
    join journal.partner as seller on seller.name = buyer.settings -> 'publication' ->> 'source'
    join core.offer on offer.partner_key = seller.partner_key and offer.id = sku
    cross join lateral core.offer_price(
        buyer.partner_key, seller.partner_key, (now() at time zone buyer.time_zone)::date,
        coalesce((buyer.settings -> 'publication' ->> 'rate_age_days')::integer, 0), offer.offer_key
    ) as price
    left join core.price_rule as rule using (rule_key)
    left join core.load on load.load_key = rule.load_key
    where buyer.name = portal
$$;

-- The price of a document's line, as it was when the line was made: never computed again, whatever the rates do since.
create table core.fixed_price (
    fixed_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    source_key integer not null references journal.partner,
    document text collate "C" not null,
    line_no integer not null,
    offer_id text collate "C" not null,
    unit text not null,
    quantity numeric not null check (quantity > 0),
    amount numeric not null,
    total numeric not null,
    currency text not null,
    price_type_id text,
    base_amount numeric,
    base_currency text,
    percent numeric,
    rule_key bigint references core.price_rule,
    proposal_key bigint references core.price_proposal,
    rate_key bigint references core.currency_rate,
    to_rate_key bigint references core.currency_rate,
    rate_date date,
    priced_on date not null,
    fixed_at timestamptz not null default clock_timestamp(),
    unique (partner_key, document, line_no)
);

-- Prices that a portal does not get because a currency has no rate of the day. Open as long as `closed_at` is null.
create table core.price_stop (
    stop_key bigint generated always as identity primary key,
    partner_key integer not null references journal.partner,
    currency text not null,
    on_date date not null,
    prices integer not null check (prices > 0),
    opened_at timestamptz not null default now(),
    closed_at timestamptz
);
create unique index one_price_stop on core.price_stop (partner_key, currency) where closed_at is null;

create view core.open_price_stop as
select partner.name as portal, stop.currency, stop.on_date, stop.prices, stop.opened_at
from core.price_stop as stop
join journal.partner using (partner_key)
where stop.closed_at is null;

-- What was agreed on with a partner, against what is asked. The newest list takes the place of the one before.
create table core.agreed_price (
    load_key bigint not null references core.load,
    row_no integer not null,
    offer_id text collate "C" not null,
    price_type_id text collate "C" not null,
    min_qty numeric not null default 0,
    amount numeric not null check (amount >= 0),
    currency text not null,
    tolerance_percent numeric not null default 0 check (tolerance_percent >= 0),
    valid_from date not null,
    valid_to date not null default 'infinity',
    primary key (load_key, row_no),
    check (valid_from < valid_to)
);
create index on core.agreed_price (offer_id);

create function core.price_deviation_on(day date)
returns table (
    source text, partner text, offer_id text, price_type_id text, min_qty numeric, agreed_amount numeric,
    agreed_currency text, amount numeric, currency text, tolerance_percent numeric, deviation_percent numeric,
    verdict text, list_version integer, row_no integer
) language sql stable as $$
    with list as (
        select distinct on (source_key, partner_key) load_key, source_key, partner_key, version
        from core.load
        where kind = 'price_list'
        order by source_key, partner_key, version desc
    )
    select source.name, partner.name, agreed.offer_id, agreed.price_type_id, agreed.min_qty, agreed.amount,
           agreed.currency, price.amount, coalesce(known.code, price.currency), agreed.tolerance_percent,
           case when known.code = agreed.currency and agreed.amount > 0
                then round(100 * (price.amount - agreed.amount) / agreed.amount, 2) end,
           case when price.amount is null then 'missing'
                when known.code is distinct from agreed.currency then 'currency'
                when abs(price.amount - agreed.amount) * 100 > agreed.tolerance_percent * agreed.amount then 'beyond'
                else 'within' end,
           list.version, agreed.row_no
    from list
    join core.agreed_price as agreed using (load_key)
    join journal.partner as source on source.partner_key = list.source_key
    join journal.partner as partner on partner.partner_key = list.partner_key
    left join core.offer on offer.partner_key = list.source_key and offer.id = agreed.offer_id
    left join core.price_type as type on type.partner_key = list.source_key and type.id = agreed.price_type_id
    left join lateral (
        select held.amount, coalesce(held.currency, type.currency) as currency
        from core.price as held
        where held.offer_key = offer.offer_key and held.price_type_key = type.price_type_key
          and held.min_qty = agreed.min_qty and coalesce(held.coefficient, 1) = 1
          and held.valid_to = 'infinity' and held.recorded_to = 'infinity'
        order by held.unit limit 1
    ) as price on true
    left join core.currency as known on known.spelling = upper(btrim(price.currency))
    where day >= agreed.valid_from and day < agreed.valid_to
$$;

create view core.price_deviation as
select * from core.price_deviation_on(current_date);

-- What a manager asks of an offer: price by type, the discounts of the policy in the order in which they win, stock.
create view core.offer_now as
select source.name as source, offer.id as offer_id, coalesce(offer.name, product.name) as name,
       coalesce(offer.article, product.article) as article, price.prices, discount.discounts,
       stock.total_quantity, stock.quantities
from core.offer
join core.product using (product_key)
join journal.partner as source on source.partner_key = offer.partner_key
left join lateral (
    select jsonb_agg(
        jsonb_build_object(
            'price_type_id', type.id, 'price_type', type.name, 'amount', held.amount,
            'currency', coalesce(held.currency, type.currency), 'unit', held.unit, 'min_qty', held.min_qty,
            'since', held.valid_from
        ) order by type.id, held.unit, held.min_qty
    ) as prices
    from core.price as held
    join core.price_type as type using (price_type_key)
    where held.offer_key = offer.offer_key and held.valid_to = 'infinity' and held.recorded_to = 'infinity'
) as price on true
left join lateral (
    with recursive above (group_id, parent_id, steps) as (
        select held.id, held.parent_id, 0
        from jsonb_array_elements_text(product.group_ids) as link
        join core.product_group as held on held.partner_key = offer.partner_key and held.id = link.value
        union
        select held.id, held.parent_id, above.steps + 1
        from above
        join core.product_group as held on held.partner_key = offer.partner_key and held.id = above.parent_id
        where above.steps < 100
    ), nearest as (
        select group_id, min(steps) as steps from above group by group_id
    )
    select jsonb_agg(
        jsonb_build_object(
            'partner', partner.name, 'dealer_group', rule.dealer_group, 'min_qty', rule.min_qty,
            'percent', rule.percent, 'amount', rule.amount, 'currency', rule.currency, 'row_no', rule.row_no
        ) order by rule.kind = 'fixed' desc, core.narrowness(rule) desc, nearest.steps nulls first,
            partner.name nulls last, rule.dealer_group nulls last, rule.min_qty desc, rule.row_no
    ) as discounts
    from core.price_rule as rule
    left join journal.partner as partner on partner.partner_key = rule.partner_key
    left join nearest on nearest.group_id = rule.product_group_id
    where rule.load_key = (
        select load_key from core.load
        where kind = 'price_policy' and source_key = offer.partner_key
        order by version desc limit 1
    )
      and rule.kind in ('discount', 'fixed')
      and (rule.offer_id is null or rule.offer_id = offer.id)
      and (rule.product_id is null or rule.product_id = product.id)
      and (rule.product_group_id is null or nearest.group_id is not null)
      and (rule.vendor is null
           or rule.vendor in (upper(product.manufacturer_id), upper(product.manufacturer_name), upper(product.brand)))
) as discount on true
left join lateral (
    select coalesce(max(held.quantity) filter (where held.warehouse_key = 0), sum(held.quantity)) as total_quantity,
           jsonb_agg(
               jsonb_build_object('warehouse_id', place.id, 'warehouse', place.name, 'quantity', held.quantity)
               order by place.id
           ) filter (where held.warehouse_key <> 0) as quantities
    from core.stock as held
    left join core.warehouse as place using (warehouse_key)
    where held.offer_key = offer.offer_key and held.valid_to = 'infinity' and held.recorded_to = 'infinity'
) as stock on true
where offer.withdrawn_at is null and not coalesce(offer.is_deleted, false);

-- The computed prices of one projection; empty for a portal that sees base prices.
create function core.open_reckoning() returns void language plpgsql as $$
begin
    create temporary table reckoned_price (
        key text collate "C" primary key, offer_id text collate "C" not null, unit text not null,
        min_qty numeric not null, coefficient numeric, tax_name text, is_tax_included boolean, amount numeric not null,
        currency text not null, price_type_id text, base_amount numeric, base_currency text, base_key text,
        percent numeric, rule_key bigint, proposal_key bigint, rate_key bigint, to_rate_key bigint, rate_date date
    ) on commit drop;
    create temporary table price_lack (currency text primary key, prices integer not null) on commit drop;
end $$;

-- How a portal's own price type reads; currency and tax where all of its prices have the same.
create function core.own_price_type()
returns table (name text, currency text, tax_name text, is_tax_included boolean) language plpgsql stable as $$
begin
    return query
    select 'Ваша цена', case when count(distinct price.currency) = 1 then min(price.currency) end,
           case when count(distinct price.tax_name) = 1 then min(price.tax_name) end,
           case when count(distinct price.is_tax_included) = 1 then bool_and(price.is_tax_included) end
    from reckoned_price as price;
end $$;

-- Without statistics the planner takes a new policy for an empty one.
create function core.analyze_pricing() returns void language plpgsql security definer
set search_path = pg_catalog as $$
begin
    analyze core.load, core.currency, core.currency_rate, core.dealer, core.price_rule, core.agreed_price,
        core.price_proposal;
end $$;
revoke execute on function core.analyze_pricing from public;
grant execute on function core.analyze_pricing to obmen_flow;

grant select, insert on core.load, core.load_refusal, core.currency, core.currency_rate, core.dealer, core.price_rule,
    core.price_proposal, core.fixed_price, core.price_stop, core.agreed_price to obmen_flow;
grant update on core.currency, core.price_proposal, core.price_stop to obmen_flow;
grant select on core.load, core.load_refusal, core.currency, core.currency_rate, core.dealer, core.price_rule,
    core.price_proposal, core.fixed_price, core.price_stop, core.agreed_price to obmen_reader, obmen_auditor;
grant select on core.currency_rate_now, core.open_price_stop, core.price_deviation, core.offer_now
    to obmen_flow, obmen_reader, obmen_auditor;
