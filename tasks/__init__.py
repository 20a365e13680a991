"""How it is done: verbs above, nouns underneath (model, formats, journal, each exchange)."""
