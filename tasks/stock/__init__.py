"""The stock exchange: prices and quantities from an accounting base to the portals that see them.

Their files come by the same door and lease as the catalog's, for an offer must be there before its
price. What is of its own here is what is done with them.
"""
