insert into journal.parcel (delivery_key, position, name, object_key, sha256, size, message_key)
values (:delivery_key, :position, :name, :object_key, :sha256, :size, :message_key)
