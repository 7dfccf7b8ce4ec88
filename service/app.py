"""The application: every resource, behind what all requests pass. Nothing is built at import."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from planner.reading.intake_limits import IntakeLimits
from service.batch_sets.endpoints import router as batch_sets
from service.batch_sets.uploads import router as uploads
from service.callers import LOCAL_CALLER
from service.comparisons.endpoints import router as comparisons
from service.health.endpoints import router as health
from service.health.metrics import Metrics
from service.http.context import API_VERSION, Context
from service.http.guard import Guard
from service.http.limits import BodyLimits
from service.intake.desk import IntakeDesk
from service.intake.problems import problem_of
from service.intake.refusals import IntakeBusyError, IntakeRefused
from service.jobs.reaper import Reaper
from service.jobs.tell import Streams
from service.jobs.worker import Worker
from service.keys import repository as keys_repository
from service.keys.endpoints import router as keys
from service.keys.gate import Gate
from service.networks.endpoints import router as networks
from service.openapi import openapi_of
from service.plans.endpoints import router as plans
from service.problems import Fault, Problem
from service.settings import LOCAL_TENANT
from service.store.database import Database, DatabaseBusyError
from service.store.problems import problem_of as database_problem
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
_ROUTERS = (networks, batch_sets, uploads, plans, comparisons, webhooks, keys, health)
_STATUS_CODES = {404: "not-found", 405: "method-not-allowed", 406: "not-acceptable", 413: "too-large"}


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

    @contextlib.asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        state = app.state
        state.intake.start()
        state.worker.start()
        state.reaper.start()
        state.dispatcher.start()
        try:
            yield
        finally:
            state.dispatcher.stop()
            state.registration.close()
            state.reaper.stop()
            state.worker.stop()
            state.intake.close()
            database.close()

    app = FastAPI(
        title="landbridge",
        version=API_VERSION,
        description=ABOUT,
        lifespan=running,
        docs_url=None,
        redoc_url=None,
    )
    state = app.state
    state.settings, state.database, state.metrics = settings, database, metrics
    state.cursor_secret = hmac.digest(server_key, b"cursors", hashlib.sha256)
    state.gate = Gate(settings, database, server_key)
    state.intake = _make_desk(settings.limits)
    jobs_folder = settings.make_data_folder() / "jobs"
    state.networks_folder = jobs_folder / "networks"
    state.uploads_folder = settings.data / "uploads"
    state.uploads_folder.mkdir(exist_ok=True, mode=0o700)
    state.worker = Worker(settings, database, metrics, jobs_folder)
    state.reaper = Reaper(settings, database, metrics, state.gate, state.worker.wake)
    state.dispatcher = dispatcher_of(settings, database)
    state.registration = Registration(guard_of(settings))
    state.streams = Streams(settings.limits.streams)
    state.is_secure = settings.behind_proxy or settings.tls_certificate is not None
    state.start = None if settings.asks_for_keys else StartDesk()
    if not settings.asks_for_keys:
        _make_local_tenant(database)
    for router in (*_ROUTERS, *PAGES):
        app.include_router(router)
    _add_handlers(app)
    app.add_middleware(BodyLimits, limits=settings.limits)
    app.add_middleware(Guard, names=(*settings.names, settings.host))
    app.add_middleware(Context, metrics=metrics, is_secure=state.is_secure)
    app.openapi = lambda: openapi_of(app)  # type: ignore[method-assign]
    return app


def _add_handlers(app: FastAPI) -> None:
    """Make an answer of whatever ends a request early."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_refused)
    app.add_exception_handler(DBAPIError, _on_database_error)
    app.add_exception_handler(DatabaseBusyError, _on_database_error)
    app.add_exception_handler(IntakeRefused, _on_unread)
    app.add_exception_handler(IntakeBusyError, _on_unread)


def _make_desk(limits: Limits) -> IntakeDesk:
    """Make what reads files and rows of clients."""
    return IntakeDesk(
        IntakeLimits(file_bytes=limits.upload_bytes, batches=limits.batches_a_set),
        rows_a_call=limits.rows_a_call,
    )


def _make_local_tenant(database: Database) -> None:
    """Add the tenant of a laptop, once."""
    with database.read() as connection:
        if keys_repository.find_tenant(connection, LOCAL_TENANT) is not None:
            return
    with database.write() as connection:
        if keys_repository.find_tenant(connection, LOCAL_TENANT) is None:
            keys_repository.add_tenant(
                connection, LOCAL_CALLER.tenant_id, "this machine", database.now_ms(connection)
            )


def _request_id(request: Request) -> str:
    found: str = request.scope.get("landbridge.request_id", "")
    return found


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response(_request_id(request))


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, Problem):
        return error.response(_request_id(request))
    code = _STATUS_CODES.get(error.status_code, "bad-request")
    headers = dict(error.headers or {})
    return Problem(code, "" if code != "bad-request" else str(error.detail), headers=headers).response(
        _request_id(request)
    )


async def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = []
    for one in error.errors():
        where, *steps = one["loc"]
        if where == "body" and one["type"] == "json_invalid":
            detail = str(one.get("ctx", {}).get("error", ""))
            return Problem("bad-request", detail).response(_request_id(request))
        if where == "body" and not steps and isinstance(one.get("input"), bytes):
            return Problem("unsupported-media-type", "send application/json").response(_request_id(request))
        named = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
        pointer = (named or "/") if where == "body" else str(steps[0]) if steps else str(where)
        value = one.get("input")
        shown = None if isinstance(value, dict | list | bytes) or value is None else str(value)[:80]
        faults.append(Fault(pointer=pointer, value=shown, code=one["type"], reason=one["msg"]))
    return Problem("invalid", errors=faults).response(_request_id(request))


async def _on_database_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError | DatabaseBusyError)
    request_id = _request_id(request)
    return database_problem(error, request_id).response(request_id)


async def _on_unread(request: Request, error: Exception) -> Response:
    assert isinstance(error, IntakeRefused | IntakeBusyError)
    return problem_of(error).response(_request_id(request))
