update journal.delivery
set state = :state, answer = :answer, ended_at = now()
where delivery_key = :delivery_key and state = 'sending' and epoch = :epoch
returning delivery_key
