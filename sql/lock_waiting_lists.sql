-- Lists of this partner's records that wait, kept from their decision until this transaction ends.
select list_key from journal.deletion_list
where partner_key = :partner_key and direction = 'in' and state = 'waiting'
for share
