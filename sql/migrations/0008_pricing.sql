-- Price policy, rates and approvals.
select 1;
