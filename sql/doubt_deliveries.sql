with doubted as (
    update journal.delivery
    set state = 'in_doubt', ended_at = now(), answer = 'the run that sent it died before it heard the answer',
        question = :question
    where partner_key = :partner_key and exchange = :exchange and state = 'sending' and epoch < :epoch
    returning delivery_key, attempts, epoch, sent_at, state, answer
), told as (
    insert into journal.attempt (delivery_key, attempt_no, epoch, sent_at, outcome, answer)
    select delivery_key, attempts, epoch, sent_at, state, answer from doubted
)
select delivery_key from doubted
