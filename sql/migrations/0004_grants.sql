-- Least privilege. The roles are made by the set-up step (they belong to the cluster, not to this database):
-- owner migrates; flow moves records; gateway files messages; reader is BI; auditor reads everything and writes nothing.

revoke all on schema public from public;

grant usage on schema core, journal, staging to obmen_flow, obmen_auditor;
grant usage on schema core, journal to obmen_reader;
grant usage on schema journal to obmen_gateway;

grant select, insert, update on all tables in schema core to obmen_flow;
grant select, insert, update on all tables in schema journal to obmen_flow;
revoke update on journal.books, journal.knock from obmen_flow;
grant select, insert, update, delete on all tables in schema staging to obmen_flow;
revoke execute on function core.analyze_grown, staging.open_message, staging.analyze_message, staging.drop_message, staging.leftovers from public;
grant execute on function core.analyze_grown, staging.open_message, staging.analyze_message, staging.drop_message, staging.leftovers to obmen_flow;

grant select on journal.partner, journal.door, journal.message, journal.books, journal.refusal,
    journal.lease, journal.session, journal.upload, journal.chunk, journal.knock to obmen_gateway;
grant insert on journal.session, journal.upload, journal.chunk, journal.message, journal.knock to obmen_gateway;
grant update (seen_at, expires_at, completed_at, version, counters, upload_count, upload_bytes)
    on journal.session to obmen_gateway;
grant update (touched_at, size, sealed_at, message_key) on journal.upload to obmen_gateway;

grant select on all tables in schema core to obmen_reader;
grant select on journal.partner, journal.books, journal.refusal, journal.run, journal.open_refusals to obmen_reader;
grant select on all tables in schema core, journal, staging to obmen_auditor;
grant execute on function staging.mark_repeats, staging.mark_superseded, staging.datasets, staging.partitioned to obmen_flow;
