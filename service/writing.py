"""A change of the database: in one transaction its effect, its audit row, and the answer to repeat.

A caller that heard nothing repeats the call with the same ``Idempotency-Key``. Key and effect are stored
together, so either both are there and the stored answer is given again, byte for byte, or neither is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from starlette.requests import Request
from starlette.responses import Response

from service.problems import Fault, Problem
from service.store import audit
from service.store.database import Database
from service.store.tables import idempotency

if TYPE_CHECKING:
    from service.callers import Caller

KEEP_MS = 7 * 24 * 3_600_000
"""How long an answer is kept for repetition: over a weekend of an ERP that can't reach us."""
MAX_KEY = 255
IDEMPOTENCY_KEY = r"^[!-~]([ -~]*[!-~])?$"
"""What a key of idempotency looks like: printable ASCII; blanks at its ends would be lost on the way."""
_KEY = re.compile(IDEMPOTENCY_KEY)
JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller is told once the change is made."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Bytes on the wire."""
        return b"" if self.content is None else json_bytes(self.content)


_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def json_bytes(content: Any) -> bytes:
    """JSON as it goes over the wire."""
    return _ENCODE(content).encode()


@dataclass(slots=True)
class Work:
    """One request that changes something."""

    request: Request
    caller: Caller
    body_sha256: str

    @property
    def tenant_id(self) -> str:
        """Whose data is changed."""
        return self.caller.tenant_id

    @property
    def database(self) -> Database:
        """Where it is kept."""
        found: Database = self.request.app.state.database
        return found

    def once(self, effect: Callable[[Connection, int], Answer]) -> Response:
        """Make a change, or repeat the answer to it if it was made already.

        Parameters
        ----------
        effect
            Makes the change, given a connection within a transaction and the time in milliseconds. What it
            raises undoes all of it, and no answer is kept.

        Raises
        ------
        Problem
            422 if the key was used for another request.
        """
        key = self._key()
        with self.database.write() as connection:
            now_ms = self.database.now_ms(connection)
            if key is not None:
                stored = self._claim(connection, key, now_ms)
                if stored is not None:
                    return stored
            answer = effect(connection, now_ms)
            body = answer.body()
            if key is not None:
                self._keep(connection, key, answer, body)
        return _response(answer.status, answer.headers, body)

    def replayed(self) -> Response | None:
        """The stored answer, before work is done that would not be needed; ``None`` if there is none.

        Raises
        ------
        Problem
            422 if the key was used for another request.
        """
        key = self._key()
        if key is None:
            return None
        with self.database.read() as connection:
            stored = connection.execute(select(idempotency).where(*self._where(key))).one_or_none()
            if (
                stored is None
                or stored.status is None
                or stored.expires_ms <= self.database.now_ms(connection)
            ):
                return None
        return self._stored_answer(stored)

    def audit(
        self,
        connection: Connection,
        now_ms: int,
        action: str,
        object_id: str,
        before: int | None = None,
        after: int | None = None,
    ) -> None:
        """Note who changed what, with its version before and after."""
        request = self.request
        audit.append(
            connection,
            audit.Entry(
                tenant_id=self.tenant_id,
                at_ms=now_ms,
                key_id=self.caller.key_id,
                address=request.client.host if request.client else "",
                request_id=request.scope.get("landbridge.request_id", ""),
                action=action,
                object_id=object_id,
                version_before=before,
                version_after=after,
            ),
        )

    @property
    def operation(self) -> str:
        """Method and path: a key counts for one of them."""
        return f"{self.request.method} {self.request.url.path}"[:300]

    def _key(self) -> str | None:
        key = self.request.headers.get("idempotency-key")
        if key is None:
            return None
        if len(key) > MAX_KEY or _KEY.fullmatch(key) is None:
            reason = f"is not 1 to {MAX_KEY} printable ASCII characters"
            fault = Fault(pointer="Idempotency-Key", code="string_pattern_mismatch", reason=reason)
            raise Problem("invalid", errors=[fault])
        return key

    def _fingerprint(self) -> str:
        request = self.request
        told = [self.operation, request.url.query, _media_type(request), self.body_sha256]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def _where(self, key: str) -> tuple[Any, ...]:
        columns = idempotency.c
        return (
            columns.tenant_id == self.tenant_id,
            columns.operation == self.operation,
            columns.idempotency_key == key,
        )

    def _claim(self, connection: Connection, key: str, now_ms: int) -> Response | None:
        """The stored answer, or ``None`` and the key is ours until the transaction ends.

        Two requests with one key meet at the primary key: the second waits there for the first to commit.
        """
        fingerprint = self._fingerprint()
        row = {
            "tenant_id": self.tenant_id,
            "operation": self.operation,
            "idempotency_key": key,
            "request_sha256": fingerprint,
            "created_ms": now_ms,
            "expires_ms": now_ms + KEEP_MS,
        }
        stored = None
        while stored is None:
            if insert_if_absent(connection, idempotency, row):
                return None
            # ``None``: it was there, but too old, and has been taken away meanwhile.
            stored = connection.execute(select(idempotency).where(*self._where(key))).one_or_none()
        if stored.expires_ms <= now_ms:
            renewed = {**row, "status": None, "headers": None, "body": None}
            connection.execute(update(idempotency).where(*self._where(key)).values(renewed))
            return None
        return self._stored_answer(stored)

    def _stored_answer(self, stored: Row[Any]) -> Response:
        if stored.request_sha256 != self._fingerprint():
            raise Problem("key-reused")
        headers = {**json.loads(stored.headers), "Idempotency-Replayed": "true"}
        return _response(stored.status, headers, stored.body)

    def _keep(self, connection: Connection, key: str, answer: Answer, body: bytes) -> None:
        kept = {"status": answer.status, "headers": json.dumps(dict(answer.headers)), "body": body}
        connection.execute(update(idempotency).where(*self._where(key)).values(kept))


def _media_type(request: Request) -> str:
    """Type of the body without parameters: the border of a form differs between two sendings of it."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def insert_if_absent(connection: Connection, table: Any, row: Mapping[str, Any]) -> bool:
    """Add a row unless its key is there; says whether it was added."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(dict(row)).on_conflict_do_nothing().returning(table.c.tenant_id)
    return connection.execute(statement).first() is not None


def _response(status: int, headers: Mapping[str, str], body: bytes) -> Response:
    media_type = headers.get("Content-Type", JSON_TYPE) if body else None
    return Response(body, status_code=status, headers=dict(headers), media_type=media_type)
