-- The refusals of these messages by partner and cause, the first of each with its place.
select partner.name as partner, refusal.cause, count(*) as records,
       count(*) filter (where refusal.state = 'open') as open_records,
       (array_agg(refusal.sentence order by refusal.refusal_key))[1] as sentence,
       (array_agg(format('%s, message %s: ', message.file_name, message.message_key) || case
           when refusal.dataset = 'file' then format('byte %s', refusal.byte_offset)
           else format('%s, record %s, bytes %s–%s', refusal.dataset, refusal.record_no, refusal.byte_offset,
                       refusal.byte_offset + greatest(refusal.byte_length, 1) - 1)
       end order by refusal.refusal_key))[1] as place
from journal.refusal
join journal.message using (message_key)
join journal.partner using (partner_key)
where refusal.message_key = any(cast(:message_keys as bigint[]))
group by partner.name, refusal.cause
order by count(*) desc, partner.name, refusal.cause
