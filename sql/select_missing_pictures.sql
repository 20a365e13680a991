-- Pictures that products of these messages name and that never came. A picture may come after its product, so it is
-- missed only when its export is over: in an archive, which holds all it will ever hold; in a session that was ended,
-- or followed by another. Where the messages are all that a run found (`is_run_over`), an export is over too when it
-- brought pictures and nothing of it is on the way: a base that sends no pictures at all is not blamed for any.
with brought as (
    select message.message_key, message.partner_key, partner.name as partner, message.origin = 'member' as is_member,
           coalesce(message.session_key, source.session_key) as session_key
    from journal.message
    join journal.partner using (partner_key)
    left join journal.message as source
        on source.message_key = message.parent_key and message.origin in ('replay', 'salvage')
    where message.message_key = any(cast(:message_keys as bigint[]))
), over as (
    select brought.* from brought
    left join journal.session using (session_key)
    where brought.is_member
       or session.completed_at is not null
       or exists (
           select from journal.session as newer
           where newer.partner_key = brought.partner_key and newer.session_key > brought.session_key
       )
       or :is_run_over
          and exists (
              select from journal.books
              join journal.message as picture using (message_key)
              where books.dataset = 'attachments' and picture.partner_key = brought.partner_key
                and (picture.session_key = brought.session_key
                     or brought.session_key is null and picture.message_key = any(cast(:message_keys as bigint[])))
          )
          and not exists (
              select from journal.upload where upload.session_key = brought.session_key and upload.sealed_at is null
          )
), missed as (
    select over.message_key, over.session_key, over.partner, product.id as product_id, picture.value ->> 'path' as path,
           count(*) over of_message as pictures, row_number() over (of_message order by product.product_key, ordinality)
    from over
    join core.product on product.message_key = over.message_key and product.pictures <> '[]'
    cross join lateral jsonb_array_elements(product.pictures) with ordinality as picture
    where product.withdrawn_at is null
      and picture.value ->> 'path' <> '' and picture.value ->> 'path' !~ '^[a-z]+://'
      and not exists (
          select from core.attachment
          where attachment.partner_key = over.partner_key and attachment.path = core.file_path(picture.value ->> 'path')
      )
      and not exists (
          select from journal.message as waiting
          where waiting.partner_key = over.partner_key and waiting.state = 'received'
            and waiting.file_name = core.file_path(picture.value ->> 'path')
      )
    window of_message as (partition by over.message_key)
)
select message_key, session_key, partner, product_id, path, pictures
from missed
where row_number <= :of_each_message
order by message_key, row_number
