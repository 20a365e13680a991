insert into journal.refusal (
    message_key, dataset, record_no, byte_offset, byte_length, natural_key, cause, place, value, sentence, sentence_ru
)
values (
    :message_key, 'file', 0, :byte_offset, :byte_length, :file_name, :cause, :place, :value, :sentence, :sentence_ru
)
