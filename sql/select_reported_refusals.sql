select dataset, natural_key as key, cause, place, value, sentence_ru, record_no, byte_offset, byte_length
from (
    select *, row_number() over (partition by cause order by byte_offset, dataset, record_no) as number
    from journal.refusal
    where message_key = :message_key
) as refusal
where number <= :of_each_cause
order by cause, number
