"""What `landbridge serve` and `landbridge worker` run: checks first, then the work, until told to stop."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import secrets
import shutil
import signal
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import uvicorn

from service.app import create_app
from service.health.metrics import Metrics
from service.http.protocol import patient
from service.jobs.reaper import Reaper
from service.jobs.worker import Worker
from service.keys.repository import count_keys
from service.logs import log_to_stderr
from service.settings import SettingsError
from service.store.database import REACHED_NOT, Database, is_away, words_of
from service.store.upgrade import make_ready
from service.webhooks.assembly import dispatcher_of

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from service.settings import Settings
    from service.web.start import StartDesk

log = logging.getLogger("landbridge")

LOCK_FILE = "landbridge.lock"
STOP_S = 10
"""How long requests may take to be answered once we are told to stop."""
AWAY_S = 1.0
"""Between two tries to reach a database that is away."""
TOLD_S = 0.2
"""Between two looks whether a worker process was told to stop."""


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
        refuse_taken_address(settings)
        app = create_app(settings)
        asyncio.run(_Server(server_config(app, settings), app, on_ready).serve())


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the application is served."""
    limits = settings.limits
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=patient(limits, app.state.busy, by_address=settings.asks_for_keys and not settings.behind_proxy),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=settings.behind_proxy,
        # A little more is read than may be, so that it can be told what is too long.
        h11_max_incomplete_event_size=limits.header_bytes + limits.url_bytes + 4_000,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=STOP_S,
        ssl_certfile=None if settings.tls_certificate is None else str(settings.tls_certificate),
        ssl_keyfile=None if settings.tls_key is None else str(settings.tls_key),
    )


class _Server(uvicorn.Server):
    """Tells when it is ready, and those who wait when it stops."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, on_ready: Ready) -> None:
        super().__init__(config)
        self._state = app.state
        self._on_ready = on_ready

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        for server in self.servers:
            host, port = server.sockets[0].getsockname()[:2]
            scheme = "https" if self.config.is_ssl else "http"
            shown = f"[{host}]" if ":" in host else host
            self._tell(f"{scheme}://{shown}:{port}")

    def _tell(self, address: str) -> None:
        start: StartDesk | None = self._state.start
        if start is None:
            self._on_ready(address, None)
            return
        start.tell = lambda path: self._on_ready(address, address + path)
        self._on_ready(address, address + start.path)

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._state.streams.is_closing = True
        self._state.worker.tell_stop()
        await super().shutdown(sockets)  # type: ignore[arg-type]


def work(settings: Settings) -> None:
    """Run jobs until told to stop; for PostgreSQL, any number of such processes.

    Raises
    ------
    SettingsError
        With an SQLite file: only the process that serves it may write it.
    """
    log_to_stderr()
    if settings.is_sqlite:
        raise SettingsError("an SQLite file is written by one process: landbridge serve runs its jobs itself")
    database = Database(settings.database_url)
    dispatcher = dispatcher_of(settings, database)
    metrics = Metrics()
    # No lock: a handler may come while the main thread holds it.
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.append(number))
    while not told and not is_ready(database):
        time.sleep(AWAY_S)
    with own_folder(settings.make_data_folder()) as folder:
        worker = Worker(settings, database, metrics, folder)
        reaper = Reaper(settings, database, metrics, None, worker)
        worker.start()
        reaper.start()
        dispatcher.start()
        log.info("worker ready", extra={"worker_id": worker.worker_id})
        # A thread that has just started a child may be given the signal instead of the main thread, which the
        # system then does not wake: a wait without end would never run the handler.
        while not told:
            time.sleep(TOLD_S)
        worker.tell_stop()
        dispatcher.ask_to_stop()
        reaper.stop()
        worker.stop()
        dispatcher.stop()
    database.close()


def is_ready(database: Database) -> bool:
    """Whether the database is there, its tables made; a worker waits for it and does not give up.

    Raises
    ------
    VersionError
        If it has to be brought up to date first, or is newer than the program.
    """
    try:
        make_ready(database)
    except REACHED_NOT as error:
        if not is_away(error):
            raise
        log.warning("database is away", extra={"error": words_of(error)})
        return False
    return True


@contextmanager
def own_folder(data: Path) -> Iterator[Path]:
    """Name a folder for the children of one worker process; those of processes that are gone are removed."""
    for lock in data.glob("worker-*.lock"):
        with lock.open("a") as left:
            try:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue  # it is at work
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)
    lock = data / f"worker-{secrets.token_hex(8)}.lock"
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield lock.with_suffix("")
        shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
        lock.unlink(missing_ok=True)


def refuse_open_doors(settings: Settings) -> None:
    """Make sure that nobody unknown can call from elsewhere.

    Raises
    ------
    SettingsError
        Beyond this machine without TLS or a proxy, or without a key; with a certificate that can't be used.
    """
    if settings.tls_certificate is not None or settings.tls_key is not None:
        _check_certificate(settings)
    if not settings.is_reached_from_elsewhere:
        return
    if settings.tls_certificate is None and not settings.behind_proxy:
        raise SettingsError(
            f"{settings.host} is reached from elsewhere: give --tls-certificate and --tls-key, "
            "or --behind-proxy where a proxy in front ends TLS"
        )
    database = Database(settings.database_url)
    make_ready(database)
    with database.read() as connection:
        num_keys = count_keys(connection, database.now_ms(connection))
    database.close()
    if num_keys == 0:
        who = (
            "a proxy lets others in" if settings.is_loopback else f"{settings.host} is reached from elsewhere"
        )
        raise SettingsError(f"{who} and there is no key: make one with `landbridge key create`")


def refuse_taken_address(settings: Settings) -> None:
    """Make sure that the address is free, before anything is started.

    Raises
    ------
    SettingsError
        If it is taken, not ours, or no address.
    """
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise SettingsError(f"{settings.host}, port {settings.port}: {error.strerror}") from None


def _check_certificate(settings: Settings) -> None:
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None:
        raise SettingsError("--tls-key needs --tls-certificate")
    for path in (certificate, key):
        if path is not None and not path.is_file():
            raise SettingsError(f"{path}: no such file")
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{certificate}: no certificate with its key: {error}") from None


@contextmanager
def only_process(settings: Settings) -> Iterator[None]:
    """Hold the folders of data and database: one SQLite file has one writer, job folders one process.

    Raises
    ------
    SettingsError
        If another process holds one of them.
    """
    folders = {settings.make_data_folder(), settings.database_folder or settings.data}
    with ExitStack() as stack:
        for folder in sorted(folders):
            held = stack.enter_context((folder / LOCK_FILE).open("a+"))
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                held.seek(0)
                raise SettingsError(
                    f"{folder} is served already, by process {held.read().strip() or 'unknown'}"
                ) from None
            held.truncate(0)
            held.write(str(os.getpid()))
            held.flush()
        yield
