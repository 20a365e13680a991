with ended as (
    update journal.delivery
    set state = :state, answer = :answer, question = :question, ended_at = now()
    where delivery_key = :delivery_key and state = 'sending' and epoch = :epoch
    returning delivery_key, attempts, epoch, sent_at, state, answer
), told as (
    insert into journal.attempt (delivery_key, attempt_no, epoch, sent_at, outcome, answer)
    select delivery_key, attempts, epoch, sent_at, state, answer from ended
)
select delivery_key from ended
