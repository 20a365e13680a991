insert into journal.books (message_key, dataset, received, accepted, unchanged, refused)
values (:message_key, :dataset, :received, :accepted, :unchanged, :refused)
