select journal.open_projection()
