insert into journal.refusal (
    message_key, dataset, record_no, byte_offset, byte_length, natural_key, cause, place, value, sentence, sentence_ru
)
values (
    :message_key, 'attachments', :record_no, 0, 0, :natural_key, :cause, :place, :value, :sentence, :sentence_ru
)
