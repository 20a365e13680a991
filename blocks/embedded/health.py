"""Whether a service really does its work, asked the way its clients ask."""

from collections.abc import Callable
from http import HTTPStatus

import httpx

from blocks.embedded.prefect_api import api_client
from blocks.embedded.programs import POOL, worker_name
from blocks.embedded.warehouse_setup import is_ready
from blocks.settings import Settings


def is_healthy(name: str, settings: Settings) -> bool:
    """Ask the service of this name; False while it is starting, stopping or gone."""
    try:
        return _CHECKS[name](settings)
    except (httpx.HTTPError, ValueError):
        return False


def _is_postgresql(settings: Settings) -> bool:
    return is_ready(settings.admin_url)


def _is_s3(settings: Settings) -> bool:
    # Without a signature a living S3 server refuses, each in its own words: that is an answer.
    return _status(settings.store_endpoint) < HTTPStatus.INTERNAL_SERVER_ERROR


def _is_prefect(settings: Settings) -> bool:
    # `ready` asks the database too; `health` answers while it is away.
    return _status(f"{settings.prefect_url}/ready") == HTTPStatus.OK


def _is_worker(settings: Settings) -> bool:
    # Prefect knows whether it polls: its process may live and do nothing.
    with api_client(settings) as prefect:
        answer = prefect.post(f"/work_pools/{POOL}/workers/filter", json={})
    if answer.status_code != HTTPStatus.OK:
        return False
    name = worker_name(settings)
    return any(each["name"] == name and each["status"] == "ONLINE" for each in answer.json())


def _is_gateway(settings: Settings) -> bool:
    # Any answer but a fault of its own: the door asks everybody for a password.
    return _status(settings.gateway_url) < HTTPStatus.INTERNAL_SERVER_ERROR


def _status(address: str) -> int:
    return httpx.get(address, timeout=5, trust_env=False).status_code


_CHECKS: dict[str, Callable[[Settings], bool]] = {
    "postgresql": _is_postgresql,
    "s3": _is_s3,
    "prefect": _is_prefect,
    "worker": _is_worker,
    "gateway": _is_gateway,
}
