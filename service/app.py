"""The application: every resource, behind what all requests pass. Nothing is built at import."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from fastapi import FastAPI

from planner.reading.intake_limits import IntakeLimits
from service.batch_sets.endpoints import router as batch_sets
from service.batch_sets.uploads import router as uploads
from service.comparisons.endpoints import router as comparisons
from service.disk import clear
from service.health.endpoints import router as health
from service.health.metrics import Metrics
from service.http.context import API_VERSION, Context
from service.http.guard import Guard
from service.http.handlers import add_handlers
from service.http.limits import BodyLimits
from service.http.protocol import busy
from service.intake.bounds import ChildBounds
from service.intake.desk import IntakeDesk
from service.jobs.reaper import Reaper
from service.jobs.tell import Streams
from service.jobs.worker import Worker
from service.keys import repository as keys_repository
from service.keys.endpoints import router as keys
from service.keys.gate import Gate
from service.networks.endpoints import router as networks
from service.openapi import openapi_of
from service.plans.endpoints import router as plans
from service.routes.bounds import RouteBounds
from service.routes.desk import RouteDesks
from service.routes.endpoints import router as routes
from service.settings import LOCAL_TENANT, MB
from service.store.database import Database
from service.store.upgrade import make_ready
from service.web.pages import ROUTERS as PAGES
from service.web.start import StartDesk
from service.webhooks.assembly import dispatcher_of, guard_of
from service.webhooks.endpoints import router as webhooks
from service.webhooks.registration import Registration

if TYPE_CHECKING:
    from service.settings import Limits, Settings

ABOUT = """\
Joint plans for vehicle exports from China to Europe by rail, river, road and sea, on dated departures,
with a proven gap.

Open a batch set, put batches into it, close it, ask for a plan, read what it does with each batch.
Repeat any POST safely with an `Idempotency-Key`.
"""
_ROUTERS = (plans, networks, batch_sets, uploads, comparisons, routes, webhooks, keys, health)
"""What is asked for most stands first: addresses are tried one after another."""


LOOKS_AT_ONCE = 8
"""Threads that look at states of jobs: more keep each other waiting (p99 at the peak 150 ms, not 50)."""


def create_app(settings: Settings) -> FastAPI:
    """Make the application of one process.

    Raises
    ------
    SettingsError
        If the settings do not do.
    VersionError
        If the database is not of the right version.
    """
    server_key = settings.server_key()
    database = Database(settings.database_url)
    make_ready(database)
    metrics = Metrics()

    app = FastAPI(
        title="landbridge",
        version=API_VERSION,
        description=ABOUT,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=_running,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    state = app.state
    state.settings, state.database, state.metrics = settings, database, metrics
    state.cursor_secret = hmac.digest(server_key, b"cursors", hashlib.sha256)
    state.gate = Gate(settings, database, server_key)
    state.intake = _make_desk(settings.limits)
    state.route_desks = _make_route_desks(settings.limits)
    jobs_folder = settings.make_data_folder() / "jobs"
    state.networks_folder = jobs_folder / "networks"
    state.uploads_folder = settings.data / "uploads"
    state.uploads_folder.mkdir(exist_ok=True, mode=0o700)
    state.worker = Worker(settings, database, metrics, jobs_folder)
    state.reaper = Reaper(settings, database, metrics, state.gate, state.worker)
    state.dispatcher = dispatcher_of(settings, database)
    state.registration = Registration(guard_of(settings))
    state.streams = Streams(settings.limits.streams)
    state.looks = CapacityLimiter(LOOKS_AT_ONCE)
    state.is_secure = settings.behind_proxy or settings.tls_certificate is not None
    state.start = None if settings.asks_for_keys else StartDesk()
    if not settings.asks_for_keys:
        _make_local_tenant(database)
    for router in (*_ROUTERS, *PAGES):
        app.include_router(router)
    state.routes = [route for router in (*_ROUTERS, *PAGES) for route in router.routes]
    add_handlers(app)
    app.add_middleware(BodyLimits, limits=settings.limits)
    app.add_middleware(Guard, names=(*settings.names, settings.host))
    app.add_middleware(Context, metrics=metrics, is_secure=state.is_secure)
    state.busy = Context(busy, metrics=metrics, is_secure=state.is_secure)
    app.openapi = lambda: openapi_of(app)  # type: ignore[method-assign]
    return app


def _make_desk(limits: Limits) -> IntakeDesk:
    """Make what reads files and rows of clients."""
    return IntakeDesk(
        IntakeLimits(
            file_bytes=limits.upload_bytes,
            batches=limits.batches_a_set,
            rows=limits.rows_a_file,
            unpacked_bytes=limits.unpacked_bytes,
            departures=limits.network_departures,
        ),
        ChildBounds(
            memory_bytes=limits.intake_mb * MB,
            cpu_s=limits.intake_cpu_s,
            wall_s=limits.intake_s,
            wait_s=limits.intake_wait_s,
            at_once=limits.intakes_at_once,
        ),
        rows_a_call=limits.rows_a_call,
    )


def _make_route_desks(limits: Limits) -> RouteDesks:
    """Make what answers questions about single shipments."""
    return RouteDesks(
        RouteBounds(
            children=limits.route_children,
            search_s=limits.route_s,
            wait_s=limits.route_wait_s,
            most_waiting=limits.routes_waiting,
            memory_mb=limits.route_mb,
            most_days=limits.route_days,
        )
    )


@contextlib.asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    """What runs beside the answers to requests, from the start to the stop."""
    state = app.state
    state.intake.start()
    clear(state.uploads_folder)  # of what a process that was killed has left
    state.worker.start()
    state.reaper.start()
    state.dispatcher.start()
    state.route_desks.start(is_warm=state.settings.warm_routes)
    try:
        yield
    finally:
        state.worker.tell_stop()
        state.dispatcher.ask_to_stop()
        state.registration.close()
        state.reaper.stop()
        state.worker.stop()
        state.dispatcher.stop()
        state.route_desks.close()
        state.intake.close()
        state.database.close()


def _make_local_tenant(database: Database) -> None:
    """Add the tenant of a laptop, once."""
    with database.read() as connection:
        if keys_repository.find_tenant(connection, LOCAL_TENANT) is not None:
            return
    with database.write() as connection:
        now_ms = database.now_ms(connection)
        keys_repository.add_tenant(connection, LOCAL_TENANT, "this machine", now_ms)
