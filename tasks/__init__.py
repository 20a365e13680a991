"""How it is done: verbs above, nouns underneath (model, formats, journal, each exchange)."""

import logging

# Prefect hands on what these loggers say but leaves them the root's level, which is WARNING; what
# became of a message is news to whoever reads a run's log.
logging.getLogger(__name__).setLevel(logging.INFO)
