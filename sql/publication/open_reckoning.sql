select core.open_reckoning()
