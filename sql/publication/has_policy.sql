select exists (
           select from core.load where kind = 'price_policy' and source_key = :source_key
       ) as has_policy,
       exists (
           select from core.rule_for(:portal_key, :source_key) as mine where mine.kind = 'base'
       ) as has_base
