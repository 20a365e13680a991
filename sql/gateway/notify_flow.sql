select pg_notify('obmen_message', :partner)
