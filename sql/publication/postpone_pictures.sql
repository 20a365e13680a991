-- No file says that a picture is gone: where nothing else goes, it waits for the next package that has a file.
delete from delta
where dataset = 'pictures' and effect = 'delete'
  and not exists (select from delta as other where (other.dataset, other.effect) <> ('pictures', 'delete'))
