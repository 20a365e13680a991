-- A door whose partner or login is no longer among the blocks is closed, never deleted.
update journal.door set is_open = false, changed_at = now()
where is_open and not login = any(cast(:logins as text[]))
