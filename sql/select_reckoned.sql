-- The files in which people said what made a price: of a rule or a proposal, and of rates.
select case when rule.rule_key is not null then rule.kind else 'approved' end as kind, load.version, load.file_name,
       load.object_key, load.loaded_by, coalesce(rule.row_no, proposal.row_no) as row_no, proposal.decided_by,
       null::numeric as rate, null::integer as units, null::text as currency, null::date as on_date
from core.load
left join core.price_rule as rule on rule.load_key = load.load_key and rule.rule_key = cast(:rule_key as bigint)
left join core.price_proposal as proposal on proposal.load_key = load.load_key
    and proposal.proposal_key = cast(:proposal_key as bigint)
where rule.rule_key is not null or proposal.proposal_key is not null
union all
select 'rate', load.version, load.file_name, load.object_key, load.loaded_by, held.row_no, null, held.rate, held.units,
       held.currency, held.on_date
from core.currency_rate as held
join core.load using (load_key)
where held.rate_key in (cast(:rate_key as bigint), cast(:to_rate_key as bigint))
