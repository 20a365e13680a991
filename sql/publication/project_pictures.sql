insert into projection (dataset, key, digest)
select distinct 'pictures', picture.path, encode(substr(picture.sha256, 1, 16), 'hex')::uuid
from chosen_product as chosen
join core.product_picture as picture using (product_key)
where picture.is_here
