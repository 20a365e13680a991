"""The gateway as an ASGI application: `uvicorn --factory blocks.gateway.app:create_app`."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from blocks.gateway.body import Spool
from blocks.gateway.door import Door
from blocks.gateway.doorkeeper import Doorkeeper
from blocks.gateway.handover import Handover
from blocks.gateway.imports import Imports
from blocks.gateway.sealing import Sealing
from blocks.gateway.uploads import Uploads
from blocks.gateway.workers import Workers
from blocks.settings import Settings
from blocks.store import Store
from blocks.warehouse import Warehouse

# The second is where 1C looks when its user enters nothing but a host.
PATHS = ("/exchange", "/bitrix/admin/1c_exchange.php", "/1c_exchange.php")


@dataclass(frozen=True, slots=True)
class Gateway:
    """Everything behind the door, built once per process."""

    door: Door
    sealing: Sealing
    handover: Handover
    spool: Spool

    @classmethod
    def build(
        cls,
        warehouse: Warehouse,
        store: Store,
        spool_folder: Path,
        prefect_url: str,
        prefect_auth: str = "",
    ) -> "Gateway":
        """Put the parts together over this warehouse and store."""
        workers = Workers()
        spool = Spool(spool_folder, workers)
        handover = Handover(warehouse, workers, prefect_url, prefect_auth)
        sealing = Sealing(warehouse, store, spool, workers, on_sealed=handover.nudge)
        door = Door(
            warehouse=warehouse,
            doorkeeper=Doorkeeper(warehouse, workers),
            uploads=Uploads(warehouse, store, spool, workers),
            imports=Imports(warehouse, sealing, workers),
            sealing=sealing,
            workers=workers,
        )
        return cls(door, sealing, handover, spool)

    @asynccontextmanager
    async def running(self, _: Starlette) -> AsyncIterator[None]:
        """Seal and hand over in the background while the application serves."""
        self.spool.sweep()
        tasks = [
            asyncio.create_task(self.sealing.keep_sealing()),
            asyncio.create_task(self.handover.keep_handing_over()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.handover.close()

    def application(self, paths: Sequence[str] = PATHS) -> Starlette:
        """Return the application with the door at these paths."""
        # A slash at the end is no other address: a redirect would lose 1C's body.
        places = [place for path in paths for place in (path, f"{path}/")]
        application = Starlette(
            routes=[Route("/health", self._health), *(Route(place, self.door) for place in places)],
            lifespan=self.running,
            exception_handlers={HTTPException: _no_such_place},
        )
        application.router.redirect_slashes = False
        return application

    async def _health(self, _: Request) -> Response:
        """Say whether files can be taken now: the warehouse answers and the spool is there."""
        is_reachable = await self.door.workers.rows(self.door.warehouse.is_reachable)
        status = HTTPStatus.OK if is_reachable else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse({"warehouse": is_reachable}, status)


def create_app(settings: Settings | None = None) -> Starlette:
    """Build the application from the settings of this installation."""
    # Its lines would hold whole addresses, and an address holds `sessid=`.
    logging.getLogger("uvicorn.access").disabled = True
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    known = settings or Settings.load()
    return Gateway.build(
        warehouse=Warehouse(url=SecretStr(known.warehouse_url_for("obmen_gateway"))),
        store=Store(
            endpoint=known.store_endpoint,
            bucket=known.s3_bucket,
            access_key=known.s3_access_key,
            secret_key=known.s3_secret_key,
        ),
        spool_folder=known.home / "spool",
        prefect_url=known.prefect_url,
        prefect_auth=known.prefect_auth.get_secret_value(),
    ).application()


async def _no_such_place(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    return PlainTextResponse("failure\nПо этому адресу обмена нет.", status)
