"""A database that does not do what was asked, as an answer."""

from __future__ import annotations

import logging

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from service.problems import Problem
from service.store.database import DatabaseBusyError, is_full

log = logging.getLogger("landbridge.http")


def problem_of(error: DBAPIError | DatabaseBusyError, request_id: str) -> Problem:
    """The answer: full, not there, too busy, or a fault of ours."""
    if isinstance(error, DatabaseBusyError):
        return Problem("unavailable", "too much is being written", headers={"Retry-After": "5"})
    log.warning("database error", extra={"request_id": request_id, "error": str(error.orig)[:300]})
    if is_full(error):
        return Problem("storage-full", headers={"Retry-After": "60"})
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return Problem("unavailable", "the database does not answer", headers={"Retry-After": "2"})
    log.error("fault", exc_info=error, extra={"request_id": request_id})
    return Problem("internal")
