"""Pages of a list by signed cursors: nobody can make one up, and none works for another list or tenant."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Query
from starlette.requests import Request

from service.problems import Fault, Problem

T = TypeVar("T")

_DIGEST_BYTES = 12


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of which list: at most ``limit`` items after the key ``after``.

    Parameters
    ----------
    scope
        Of whom and of what the list is: a cursor is good for no other.
    address
        Path and query of the list, without its cursor.
    """

    limit: int
    after: tuple[Any, ...] | None
    scope: str
    secret: bytes
    address: str

    def answer(
        self, rows: Sequence[T], key: Callable[[T], tuple[Any, ...]], item: Callable[[T], Any]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Body and headers of a page, from one row more than its limit."""
        shown = rows[: self.limit]
        cursor = None
        if len(rows) > self.limit:
            cursor = self._cursor(key(shown[-1]))
        body = {"items": [item(row) for row in shown], "nextCursor": cursor}
        if cursor is None:
            return body, {}
        glue = "&" if "?" in self.address else "?"
        link = f'<{self.address}{glue}cursor={cursor}>; rel="next"'
        return body, {"Next-Page-Cursor": cursor, "Link": link}

    def _cursor(self, key: tuple[Any, ...]) -> str:
        told = json.dumps(list(key)).encode()
        return base64.urlsafe_b64encode(_digest(self.secret, self.scope, told) + told).decode().rstrip("=")


async def page_of(
    request: Request,
    limit: Annotated[int, Query(ge=1, description="Most items of a page.")] = 100,
    cursor: Annotated[
        str | None,
        Query(
            max_length=600,
            description="`nextCursor` of the page before.",
            json_schema_extra={"pattern": "^[A-Za-z0-9_-]*$"},
        ),
    ] = None,
) -> Page:
    """The page that a request asks for (a dependency).

    Raises
    ------
    Problem
        400 for a cursor that is not of this list.
    """
    most = request.app.state.settings.limits.page_items
    if limit > most:
        fault = Fault(pointer="limit", value=str(limit), code="less_than_equal", reason=f"is above {most}")
        raise Problem("invalid", errors=[fault])
    return page_at(request, request.state.caller.tenant_id, limit, cursor)


def page_at(request: Request, tenant_id: str, limit: int, cursor: str | None) -> Page:
    """The page at a cursor of a tenant's list, which is that of the request's address and filters.

    Raises
    ------
    Problem
        400 for a cursor that is not of this list.
    """
    secret: bytes = request.app.state.cursor_secret
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
    filters = sorted((key, value) for key, value in query if key != "limit")
    scope = json.dumps([tenant_id, request.url.path, filters])
    after = None if cursor is None else _open(secret, scope, cursor)
    # Relative, so that it holds whatever name and scheme a proxy in front has.
    path = request.scope["raw_path"].decode("ascii")
    address = f"{path}?{urlencode(query)}" if query else path
    return Page(limit=limit, after=after, scope=scope, secret=secret, address=address)


def _open(secret: bytes, scope: str, cursor: str) -> tuple[Any, ...]:
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Problem("bad-cursor") from None
    digest, told = sealed[:_DIGEST_BYTES], sealed[_DIGEST_BYTES:]
    if not hmac.compare_digest(digest, _digest(secret, scope, told)):
        raise Problem("bad-cursor")
    return tuple(json.loads(told))


def _digest(secret: bytes, scope: str, told: bytes) -> bytes:
    return hmac.digest(secret, scope.encode() + b"\n" + told, hashlib.sha256)[:_DIGEST_BYTES]
