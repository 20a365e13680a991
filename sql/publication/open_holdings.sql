select journal.open_holdings()
