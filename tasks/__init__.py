"""How it is done: verbs above, nouns underneath (model, formats, journal, one package an exchange)."""
