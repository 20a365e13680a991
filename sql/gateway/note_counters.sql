update journal.session set counters = counters || :counters where session_key = :session_key
