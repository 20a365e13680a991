"""The portal in a box: a small honest site that receives a CommerceML catalog and can be asked.

It speaks the server's half of the exchange (fact sheet, section 2) at `EXCHANGE_PATH`, keeps what
it holds in one SQLite file and can be given the quirks of real sites (`quirks.py`) and made to
fail at any place of the conversation (`faults.py`).

Two ports. The exchange is served on the port named, the questions and orders of a test on both
that port and a second one, by default the next: a portal that is down refuses connections, as a
host without a server does, and must still hear `up`.

- `GET /held`: `groups`, `properties`, `units`, `price_types`, `warehouses`, `goods`, `offers` by
  Ид, an offer with `prices` (by `type|unit|from quantity`) and `stock` (by warehouse, the total
  under ""); `inactive`: what was deactivated; `pictures` by path; `applied`: how often each file
  was taken in; `changes`: every field that really changed, in order (`action` is created, updated,
  deleted, deactivated or activated); `skipped`: prices and stock of offers that never came;
  `waiting`: what a success has only queued. `?changes_since=N` leaves out the older changes.
- `GET /requests`: what was asked and answered, struck requests in brackets.
- `POST /fault` `{"fault", "where", "mode", "times", "file", "seconds"}`; `GET`: what waits and what
  was struck; `DELETE`: forget what waits.
- `POST /sale` `{"offer_id", "quantity", "warehouse_id"}`: somebody buys here; its own stock
  goes down, with the total, and 1C knows nothing of it yet.
- `/down`, `/up`, by any method.

An upsert by Ид: of a file of changes a field that is not named stays, of a full file it is emptied.
Nothing is deleted because a full file lacks it, but by `mode=deactivate`, as at Bitrix.
"""
