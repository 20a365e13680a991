-- Empties every table that holds something, and drops what messages left in staging. Tables are
-- looked at first: to truncate all of them takes longer than most tests.
do $$
declare
    name text;
    has_rows boolean;
    filled text[] := '{}';
begin
    for name in
        select format('%I.%I', schemaname, tablename) from pg_tables
        where schemaname in ('core', 'journal')
    loop
        execute format('select exists (select from %s)', name) into has_rows;
        if has_rows then
            filled := filled || name;
        end if;
    end loop;
    if cardinality(filled) > 0 then
        execute format('truncate %s restart identity cascade', array_to_string(filled, ', '));
    end if;
    for name in
        select format('%I.%I', n.nspname, c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'staging' and c.relkind = 'r' and c.relispartition
    loop
        execute format('drop table %s', name);
    end loop;
end $$
