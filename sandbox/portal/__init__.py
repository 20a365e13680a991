"""The portal in a box: a small honest site that receives a CommerceML catalog and can be asked.

It speaks the server's half of the exchange (fact sheet, section 2) at `EXCHANGE_PATH`, keeps what
it holds in one SQLite file and can be given the quirks of real sites (`quirks.py`) and made to
fail at any place of the conversation (`faults.py`).

Two ports. The exchange is served on the port named, the questions and orders of a test (`/held`,
`/requests`, `/fault`, `/down`, `/up`) on both that port and a second one, by default the next: a
portal that is down refuses connections, as a host without a server does, and must still hear `up`.
"""
