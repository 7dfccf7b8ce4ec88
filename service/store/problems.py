"""A database that does not do what was asked, as an answer."""

from __future__ import annotations

import logging
import re

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from service.problems import Problem
from service.store.database import DatabaseBusyError, is_full

log = logging.getLogger("landbridge.http")

_REFERENCE = re.compile(r"tenant_id(_|, \w+\.)external_ref\b")
"""How PostgreSQL and SQLite call the rule that a tenant uses a name once."""


def problem_of(error: DBAPIError | DatabaseBusyError, request_id: str) -> Problem:
    """The answer: full, not there, too busy, or a fault of ours."""
    if isinstance(error, DatabaseBusyError):
        return Problem("unavailable", "too much is being written", headers={"Retry-After": "5"})
    told = str(error.orig).partition("\n")[0][:300]  # lines after the first may hold values
    log.warning("database error", extra={"request_id": request_id, "error": told})
    if is_full(error):
        return Problem("storage-full")
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return Problem("unavailable", "the database does not answer", headers={"Retry-After": "2"})
    if isinstance(error, IntegrityError):
        if _REFERENCE.search(told):
            # Two calls with one name met: the first of them has it by now.
            return Problem("duplicate-reference")
        # What a change rests on is looked at first: it went, or came, at the very same time.
        return Problem("conflict", "it was changed by another call at the same time")
    log.error("fault", exc_info=error, extra={"request_id": request_id})
    return Problem("internal")
