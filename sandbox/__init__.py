"""The other side in a box: a seeded trading company and the programs it exchanges data with.

Speaks the real formats and protocols and shares no code with the product, so that an error of
understanding on one side cannot hide behind the same error on the other.
"""
