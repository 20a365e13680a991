"""Our nouns: frozen values, closed sets and Arrow schemas.

Imports nothing but the standard library and pyarrow; everything else in the tree may import it.
"""
