import httpx
import pytest

from blocks.site.moving import NotOurSiteError, moved
from blocks.site.wire import Heard

HERE = httpx.URL("http://shop.example/exchange")


def redirect(location: str) -> Heard:
    return Heard(301, httpx.Headers({"Location": location}), b"")


@pytest.mark.parametrize(
    ("location", "address"),
    [
        ("/exchange/?type=catalog&mode=checkauth", "http://shop.example/exchange/"),
        ("https://shop.example/exchange?x=1", "https://shop.example/exchange"),
        ("http://shop.example/1c#top", "http://shop.example/1c"),
    ],
)
def test_a_redirect_within_the_site_is_a_new_address(location: str, address: str) -> None:
    assert address == str(moved(HERE, redirect(location)))


@pytest.mark.parametrize(
    "location",
    [
        "http://www.shop.example/exchange",
        "http://shop.example.evil.example/exchange",
        "http://shop.example:8080/exchange",
        "https://shop.example:8443/exchange",
        "//evil.example/exchange",
        "ftp://shop.example/exchange",
        "http://[broken/exchange",
    ],
)
def test_a_redirect_to_another_server_is_refused(location: str) -> None:
    with pytest.raises(NotOurSiteError):
        moved(HERE, redirect(location))


def test_a_redirect_never_leaves_https() -> None:
    with pytest.raises(NotOurSiteError):
        moved(httpx.URL("https://shop.example/"), redirect("http://shop.example/"))
