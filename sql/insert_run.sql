insert into journal.run (exchange, partner_key, epoch, holder, parameters)
values (:exchange, :partner_key, :epoch, :holder, :parameters)
returning run_key
