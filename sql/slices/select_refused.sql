-- Offers of a message of which any record is refused: their slices are read again until none is.
select key from staging.offers where message_key = :message_key and cause is not null
union select offer_id from staging.prices where message_key = :message_key and cause is not null
union select offer_id from staging.stock where message_key = :message_key and cause is not null
