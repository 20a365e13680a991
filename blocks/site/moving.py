"""Where a redirect may lead: to another address of the same server, never to another server.

Login, password and catalog are meant for the server that the operator named. `checkauth` may be
redirected within it, or from http to https of the same name; the exchange then stays there. In any
other mode a redirect is no answer, since a POST would lose its body on the way.
"""

from typing import Final

import httpx

from blocks.site.wire import Heard

_MOVED: Final = frozenset({301, 302, 303, 307, 308})


class NotOurSiteError(ValueError):
    """A redirect leads away from the site."""


def is_redirect(heard: Heard) -> bool:
    """Say whether an answer sends us elsewhere."""
    return heard.status in _MOVED and "location" in heard.headers


def moved(url: httpx.URL, heard: Heard) -> httpx.URL:
    """Return the address that a redirect names. Raises NotOurSiteError."""
    try:
        target = url.join(heard.headers["location"]).copy_with(
            query=None, fragment=None, userinfo=b""
        )
    except httpx.InvalidURL:
        message = "the site redirects to no readable address"
        raise NotOurSiteError(message) from None
    is_same = (target.scheme, target.host, target.port) == (url.scheme, url.host, url.port)
    is_safer = (url.scheme, target.scheme) == ("http", "https") and target.port is None
    if is_same or (is_safer and target.host == url.host):
        return target
    message = (
        f"the site redirects to {target.scheme}://{target.netloc.decode('ascii', 'replace')}, "
        "which is another server; nothing was sent there. If it is the right one, enter it"
    )
    raise NotOurSiteError(message)
