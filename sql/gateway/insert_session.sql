insert into journal.session (partner_key, login, token_hash, exchange_type, version, peer, user_agent, expires_at)
values (
    :partner_key, :login, :token_hash, :exchange_type, :version, :peer, :user_agent,
    now() + make_interval(secs => :idle_s)
)
returning session_key, cast(extract(epoch from opened_at) as bigint) as opened_at_unix
