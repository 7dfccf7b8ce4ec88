"""HTTP of API keys and of what was changed with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from service.batch_sets.endpoints import paged
from service.callers import TENANT_ADMIN, Caller, calling, writing
from service.etags import content_tag, is_unchanged
from service.keys import repository, service
from service.keys.schemas import AuditPage, KeyAsked, KeyPage, KeyTold, NewKeyTold
from service.openapi import CACHED, REPEATABLE, described, problems
from service.paging import Page, page_of
from service.problems import Problem
from service.store import audit
from service.strict_json import StrictRoute
from service.writing import Answer, Work, json_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection

router = APIRouter(tags=["keys"], route_class=StrictRoute)

Administering = Annotated[Caller, Depends(calling(TENANT_ADMIN))]
Changing = Annotated[Work, Depends(writing(TENANT_ADMIN))]
Paged = Annotated[Page, Depends(page_of)]


@router.post(
    "/v1/api-keys",
    status_code=201,
    response_model=NewKeyTold,
    responses=problems(),
    operation_id="createApiKey",
)
def create(request: Request, asked: KeyAsked, work: Changing) -> Response:
    """Make a key. It is shown this once, so a call with an Idempotency-Key is refused."""
    if "idempotency-key" in request.headers:
        raise Problem("bad-request", "a key is shown once: its answer can't be repeated")
    if not set(asked.scopes) <= work.caller.scopes:
        missing = ", ".join(sorted(set(asked.scopes) - work.caller.scopes))
        raise Problem("forbidden", f"a key can't give what it lacks: {missing}")

    def effect(connection: Connection, now_ms: int) -> Answer:
        token = service.create_key(
            connection,
            request.app.state.gate.server_key,
            work.tenant_id,
            now_ms,
            label=asked.label,
            scopes=asked.scopes,
            days=asked.days,
            created_by=work.caller.key_id,
        )
        work.audit(connection, now_ms, "key.create", token.key_id, after=1)
        found = service.get_key(connection, work.tenant_id, token.key_id)
        told = {**service.tell_key(found), "key": token.text}
        return Answer(201, told, {"Location": f"/v1/api-keys/{token.key_id}"})

    return work.once(effect)


@router.get("/v1/api-keys", response_model=KeyPage, responses=problems(), operation_id="listApiKeys")
def list_all(request: Request, caller: Administering, page: Paged) -> Response:
    """Keys of the own tenant, the oldest first."""
    with request.app.state.database.read() as connection:
        rows = repository.list_keys(connection, caller.tenant_id, page.after, page.limit + 1)
    return paged(page, rows, lambda row: (row.created_ms, row.key_id), service.tell_key)


@router.get(
    "/v1/api-keys/{key_id}",
    response_model=KeyTold,
    responses=problems(404),
    openapi_extra=described(CACHED),
    operation_id="getApiKey",
)
def get(request: Request, key_id: str, caller: Administering) -> Response:
    """One key."""
    with request.app.state.database.read() as connection:
        found = service.get_key(connection, caller.tenant_id, key_id)
    content = json_bytes(service.tell_key(found))
    tag = content_tag(content)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(content, media_type="application/json", headers={"ETag": tag})


@router.post(
    "/v1/api-keys/{key_id}/revoke",
    response_model=KeyTold,
    responses=problems(404),
    dependencies=[REPEATABLE],
    operation_id="revokeApiKey",
)
def revoke(key_id: str, work: Changing) -> Response:
    """Make a key good for nothing, everywhere within a second; its sessions of the page end with it."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_key(connection, work.tenant_id, key_id)
        if found.revoked_ms is None:
            repository.revoke(connection, work.tenant_id, key_id, now_ms)
            work.audit(connection, now_ms, "key.revoke", key_id, 1, 2)
            found = service.get_key(connection, work.tenant_id, key_id)
        return Answer(200, service.tell_key(found))

    return work.once(effect)


@router.get("/v1/audit", response_model=AuditPage, responses=problems(), operation_id="listAudit")
def list_audit(request: Request, caller: Administering, page: Paged) -> Response:
    """What was changed, the newest first: each row is sealed with the hash of the one before."""
    with request.app.state.database.read() as connection:
        rows = audit.list_rows(connection, caller.tenant_id, page.after, page.limit + 1)
    return paged(page, rows, lambda row: (row.number,), service.tell_audit)
