"""What `landbridge serve` and `landbridge worker` run: checks first, then the work, until told to stop."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from service.app import create_app
from service.health.metrics import Metrics
from service.http.deadline import patient
from service.jobs.reaper import Reaper
from service.jobs.worker import Worker
from service.keys.repository import count_keys
from service.logs import log_to_stderr
from service.settings import SettingsError
from service.store.database import Database
from service.store.upgrade import make_ready
from service.webhooks.assembly import dispatcher_of

if TYPE_CHECKING:
    from service.settings import Settings
    from service.web.start import StartDesk

log = logging.getLogger("landbridge")

LOCK_FILE = "landbridge.lock"
STOP_S = 30


Ready = Callable[[str, str | None], None]
"""Told where the service is, and the address that opens the page, where it needs one; see :func:`serve`."""


def serve(settings: Settings, on_ready: Ready) -> None:
    """Answer requests until told to stop.

    Parameters
    ----------
    on_ready
        Told the address, once it is served, and on a laptop the one that opens the page in one browser; once
        that was used, told the next one.

    Raises
    ------
    SettingsError
        If it must not be started like this.
    """
    log_to_stderr()
    with only_process(settings):
        refuse_open_doors(settings)
        app = create_app(settings)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=patient(settings.limits.header_s),
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=settings.behind_proxy,
            limit_concurrency=settings.limits.connections,
            h11_max_incomplete_event_size=settings.limits.header_bytes,
            timeout_keep_alive=65,
            timeout_graceful_shutdown=STOP_S,
            ssl_certfile=None if settings.tls_certificate is None else str(settings.tls_certificate),
            ssl_keyfile=None if settings.tls_key is None else str(settings.tls_key),
        )
        asyncio.run(_Server(config, app.state.start, on_ready).serve())


class _Server(uvicorn.Server):
    """Tells when it is ready."""

    def __init__(self, config: uvicorn.Config, start: StartDesk | None, on_ready: Ready) -> None:
        super().__init__(config)
        self._start = start
        self._on_ready = on_ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in self.servers:
            host, port = server.sockets[0].getsockname()[:2]
            scheme = "https" if self.config.is_ssl else "http"
            shown = f"[{host}]" if ":" in host else host
            self._tell(f"{scheme}://{shown}:{port}")

    def _tell(self, address: str) -> None:
        if self._start is None:
            self._on_ready(address, None)
            return
        self._start.tell = lambda path: self._on_ready(address, address + path)
        self._on_ready(address, address + self._start.path)


def work(settings: Settings) -> None:
    """Run jobs until told to stop; for PostgreSQL, any number of such processes.

    Raises
    ------
    SettingsError
        With an SQLite file: only the process that serves it may write it.
    """
    log_to_stderr()
    if settings.database is None or settings.database.startswith("sqlite"):
        raise SettingsError("an SQLite file is written by one process: landbridge serve runs its jobs itself")
    database = Database(settings.database_url)
    dispatcher = dispatcher_of(settings, database)
    make_ready(database)
    metrics = Metrics()
    worker = Worker(settings, database, metrics, settings.make_data_folder() / f"jobs-{os.getpid()}")
    reaper = Reaper(settings, database, metrics, None, worker.wake)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    worker.start()
    reaper.start()
    dispatcher.start()
    log.info("worker ready", extra={"worker_id": worker.worker_id})
    told.wait()
    dispatcher.stop()
    reaper.stop()
    worker.stop()
    database.close()


def refuse_open_doors(settings: Settings) -> None:
    """Make sure that nobody unknown can call from elsewhere.

    Raises
    ------
    SettingsError
        Beyond this machine without TLS or a proxy, or without a key.
    """
    if settings.is_loopback:
        return
    if settings.tls_certificate is None and not settings.behind_proxy:
        raise SettingsError(
            f"{settings.host} is reached from elsewhere: give --tls-certificate and --tls-key, "
            "or --behind-proxy where a proxy in front ends TLS"
        )
    database = Database(settings.database_url)
    make_ready(database)
    with database.read() as connection:
        num_keys = count_keys(connection)
    database.close()
    if num_keys == 0:
        raise SettingsError(
            f"{settings.host} is reached from elsewhere and there is no key: "
            "make one with `landbridge key create`"
        )


@contextmanager
def only_process(settings: Settings) -> Iterator[None]:
    """Hold the data folder: two processes must not write one SQLite file, nor share job folders.

    Raises
    ------
    SettingsError
        If another process holds it.
    """
    path = settings.make_data_folder() / LOCK_FILE
    with path.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.seek(0)
            raise SettingsError(
                f"{settings.data} is served already, by process {held.read().strip() or 'unknown'}"
            ) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
