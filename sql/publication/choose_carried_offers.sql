insert into carried_offer (id)
select distinct of_key from delta where of_key is not null
