"""What we believe of every exchange's data: suites of rules, the gate that judges, the report."""
