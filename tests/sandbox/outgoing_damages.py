"""What is planted on the road out for the auditor to find, and how the finding must begin.

The audited source has three portals: `site` heard of everything but the last package, which is in
doubt; `shop` heard of everything; to `away` the first package failed and others wait behind it.
"""

_OUT = "direction = 'out'"
A_FORMED_FILE = f"(select min(message_key) from journal.message where {_OUT})"
LAST_FORMED_FILE = f"(select max(message_key) from journal.message where {_OUT})"
HEARD = "(select min(delivery_key) from journal.delivery where state = 'delivered')"
FAILED = "(select min(delivery_key) from journal.delivery where state = 'failed')"
PLANNED = (
    "(select min(delivery_key) from journal.delivery"
    f" where delivery_key > {FAILED} and state = 'planned')"
)
A_PRODUCT = (
    f"(select min(key) from journal.carried where delivery_key = {HEARD} and dataset = 'goods')"
)
SITE = "(select partner_key from journal.partner where name = 'site')"
A_SHOWN = (
    f"(select min(ctid) from journal.shown where partner_key = {SITE} and acked_digest is not null)"
)

OUTGOING = {
    "a formed file is in no package": (
        f"delete from journal.parcel where message_key = {A_FORMED_FILE}",
        "formed: message",
    ),
    "a formed file has the manifest of another": (
        (
            "update journal.message set (manifest_key, merkle_root) ="
            " (select manifest_key, merkle_root from journal.message"
            f" where message_key = {LAST_FORMED_FILE}) where message_key = {A_FORMED_FILE}"
        ),
        "formed: message",
    ),
    "a package holds a file of another portal": (
        (
            f"update journal.parcel set message_key = {LAST_FORMED_FILE}"
            f" where message_key = {A_FORMED_FILE}"
        ),
        "parcel: delivery",
    ),
    "a package says other bytes than were formed": (
        f"update journal.parcel set sha256 = sha256('x') where message_key = {A_FORMED_FILE}",
        "parcel: delivery",
    ),
    "the first files of a package are gone": (
        f"update journal.parcel set position = position + 1000 where delivery_key = {HEARD}",
        "parcel: delivery",
    ),
    "the books of a formed file are cooked": (
        (
            "update journal.books set received = received + 1, accepted = accepted + 1"
            f" where message_key = {A_FORMED_FILE} and dataset = 'goods'"
        ),
        "books: delivery",
    ),
    "a formed file has no books": (
        f"delete from journal.books where message_key = {A_FORMED_FILE}",
        "books: message",
    ),
    "a package claims a record that stands in none of its files": (
        (
            "insert into journal.carried (delivery_key, dataset, key, effect, digest, message_key)"
            f" values ({HEARD}, 'goods', 'invented', 'create', gen_random_uuid(), {A_FORMED_FILE})"
        ),
        "carried: delivery",
    ),
    "a record is said to stand in another file": (
        (
            "update journal.carried set message_key = (select max(message_key) from journal.parcel"
            f" where delivery_key = {HEARD}) where delivery_key = {HEARD} and dataset = 'goods'"
        ),
        "carried: delivery",
    ),
    "a file tells what was to go": (
        (
            "update journal.carried set effect = 'delete', digest = null"
            f" where delivery_key = {HEARD} and dataset = 'goods' and key = {A_PRODUCT}"
        ),
        "carried: delivery",
    ),
    "a picture is not sent": (
        (
            "delete from journal.parcel where ctid ="
            " (select max(ctid) from journal.parcel where message_key is null)"
        ),
        "carried: delivery",
    ),
    "what nobody heard of is acknowledged": (
        (
            "update journal.shown set acked_digest = planned_digest, acked_in = planned_in"
            " where acked_in is null"
        ),
        "acked: portal",
    ),
    "another version of a record is acknowledged": (
        f"update journal.shown set acked_digest = gen_random_uuid() where ctid = {A_SHOWN}",
        "acked: portal",
    ),
    "an acknowledgement is lost": (
        f"update journal.shown set acked_digest = null, acked_in = null where ctid = {A_SHOWN}",
        "acked: portal",
    ),
    "a record is planned to be as nobody told it": (
        f"update journal.shown set planned_digest = gen_random_uuid() where ctid = {A_SHOWN}",
        "planned: portal",
    ),
    "what was told is forgotten": (
        f"delete from journal.shown where ctid = {A_SHOWN}",
        "shown: portal",
    ),
    "what is shown was never told": (
        f"delete from journal.carried where delivery_key = {FAILED} and dataset = 'goods'",
        "shown: portal",
    ),
    "a delivery overtakes one that failed": (
        (
            "update journal.delivery set state = 'sending', attempts = 1, sent_at = now()"
            f" where delivery_key = {PLANNED}"
        ),
        "turn: delivery",
    ),
    "a delivery went before the one ahead of it was heard of": (
        (
            "update journal.delivery set ended_at = ended_at + interval '1 day'"
            f" where delivery_key = {HEARD}"
        ),
        "turn: delivery",
    ),
    "an attempt is gone": (
        f"delete from journal.attempt where delivery_key = {HEARD}",
        "attempt: delivery",
    ),
    "what was delivered went again": (
        (
            "insert into journal.attempt"
            " (delivery_key, attempt_no, epoch, sent_at, outcome, answer)"
            " select delivery_key, 2, epoch, sent_at + interval '1 hour', 'delivered', ''"
            f" from journal.attempt where delivery_key = {HEARD};"
            "update journal.delivery set attempts = 2, sent_at = sent_at + interval '1 hour'"
            f" where delivery_key = {HEARD}"
        ),
        "attempt: delivery",
    ),
    "what was in doubt goes again on a guess": (
        "update journal.delivery set state = 'failed', question = '' where state = 'in_doubt'",
        "attempt: delivery",
    ),
    "a failed delivery is called delivered": (
        f"update journal.delivery set state = 'delivered' where delivery_key = {FAILED}",
        "attempt: delivery",
    ),
    "a doubt asks nothing": (
        "update journal.delivery set question = '' where state = 'in_doubt'",
        "delivery: publication",
    ),
    "a package is missing": (
        (
            "update journal.delivery set body = jsonb_set(body, '{number}', '9')"
            f" where delivery_key = {HEARD}"
        ),
        "package: partner",
    ),
    "the counter of packages is ahead": (
        "update journal.checkpoint set position = position + 1 where name = 'package'",
        "package: partner",
    ),
    "a notice is settled by a package to another portal": (
        (
            f"update journal.notice set delivery_key = {FAILED}"
            f" where partner_key = {SITE} and delivery_key is not null"
        ),
        "notice: notice",
    ),
    "a notice is settled though no package was planned then": (
        (
            "update journal.notice set settled_at = settled_at + interval '1 second'"
            " where delivery_key is not null"
        ),
        "notice: notice",
    ),
    "a notice tells of what never came in": (
        (
            f"update journal.notice set message_key = {A_FORMED_FILE} where notice_key ="
            " (select max(notice_key) from journal.notice)"
        ),
        "notice: notice",
    ),
    "a portal never heard of a change": (
        (
            f"delete from journal.notice where partner_key = {SITE} and message_key ="
            f" (select max(message_key) from journal.notice where partner_key = {SITE})"
        ),
        "notice: message",
    ),
    "a portal was never told of a product": (
        (
            "delete from journal.shown where dataset = 'goods' and partner_key ="
            " (select partner_key from journal.partner where name = 'shop')"
        ),
        "untold: shop: goods",
    ),
    "a portal was never told that a product is gone": (
        "update core.product set withdrawn_at = now()",
        "untold: shop: goods",
    ),
}
