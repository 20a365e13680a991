-- Every refused record with its place, cause and sentences; `causes` holds their templates:
-- {code: {"english": …, "russian": …}}.
insert into journal.refusal (
    message_key, dataset, record_no, byte_offset, byte_length, natural_key, cause, place, value, sentence, sentence_ru
)
select
    record.message_key, record.dataset, record.record_no, record.byte_offset, record.byte_length, record.key,
    record.cause, said.place, said.value,
    replace(replace(replace(
        template.value ->> 'english', '{place}', said.place), '{value}', said.value), '{expected}', said.expected),
    replace(replace(replace(
        template.value ->> 'russian', '{place}', said.place), '{value}', said.value), '{expected}', said.expected)
from staging.record
join jsonb_each(:causes) as template on template.key = record.cause
cross join lateral (
    select coalesce(record.place, ''), left(coalesce(record.value, ''), 200), coalesce(record.expected, '')
) as said (place, value, expected)
where record.message_key = :message_key and record.exit = 'refused'
order by record.byte_offset, record.dataset, record.record_no
