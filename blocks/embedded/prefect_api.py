"""The few calls of Prefect's API that must not cost an import of Prefect."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx

from blocks.settings import Settings


@contextmanager
def api_client(settings: Settings, timeout_s: float = 10) -> Iterator[httpx.Client]:
    """Open a client that may read and write: with password and CSRF token.

    Raises httpx.HTTPError when the server does not answer.
    """
    name = str(uuid4())
    with httpx.Client(
        base_url=settings.prefect_url,
        auth=httpx.BasicAuth(*settings.prefect_auth.get_secret_value().split(":", 1)),
        headers={"Prefect-Csrf-Client": name},
        timeout=timeout_s,
        trust_env=False,
    ) as client:
        answer = client.get("/csrf-token", params={"client": name})
        # Anything else: protection is off, as it may be on a server that is not ours.
        if answer.status_code == httpx.codes.OK:
            client.headers["Prefect-Csrf-Token"] = answer.json()["token"]
        yield client
