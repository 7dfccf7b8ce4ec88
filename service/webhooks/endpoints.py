"""HTTP of webhook endpoints and deliveries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from service.callers import HOOK_ADMIN, Caller, calling, writing
from service.etags import etag, is_unchanged, require_match
from service.openapi import CACHED, MATCHED, REPEATABLE, described, problems
from service.paging import Page, page_of
from service.strict_json import StrictRoute
from service.webhooks import repository, service
from service.webhooks.schemas import (
    ChangedEndpoint,
    Delivery,
    DeliveryList,
    DeliveryState,
    Endpoint,
    EndpointList,
    EndpointWithSecret,
    NewEndpoint,
)
from service.writing import Answer, Work, json_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection

PATH = "/v1/webhook-endpoints"
router = APIRouter(prefix=PATH, tags=["webhooks"], route_class=StrictRoute)

Reading = Annotated[Caller, Depends(calling(HOOK_ADMIN))]
Writing = Annotated[Work, Depends(writing(HOOK_ADMIN))]
Paged = Annotated[Page, Depends(page_of)]


@router.post(
    "",
    status_code=201,
    response_model=EndpointWithSecret,
    responses=problems(409),
    dependencies=[REPEATABLE],
    operation_id="createWebhookEndpoint",
)
def create(request: Request, asked: NewEndpoint, work: Writing) -> Response:
    """Register a receiver. The answer holds the secret that its messages are signed with, this once."""
    replayed = work.replayed()
    if replayed is not None:
        return _with_secret(request, replayed)
    service.check_url(request.app.state.registration, work.tenant_id, asked.url)
    most = request.app.state.settings.limits.webhook_endpoints

    def effect(connection: Connection, now_ms: int) -> Answer:
        endpoint_id = service.create(connection, work.tenant_id, asked, now_ms, most=most)
        work.audit(connection, now_ms, "webhook-endpoint.create", endpoint_id, after=1)
        found = service.get_endpoint(connection, work.tenant_id, endpoint_id)
        return Answer(
            201, service.tell_endpoint(found), {"Location": f"{PATH}/{endpoint_id}", "ETag": etag(1)}
        )

    return _with_secret(request, work.once(effect))


@router.get("", response_model=EndpointList, responses=problems(), operation_id="listWebhookEndpoints")
def list_all(request: Request, caller: Reading, page: Paged) -> Response:
    """Endpoints, the oldest first, without their secrets."""
    with request.app.state.database.read() as connection:
        rows = repository.list_endpoints(connection, caller.tenant_id, page.after, page.limit + 1)
    body, headers = page.answer(rows, lambda row: (row.created_ms, row.endpoint_id), service.tell_endpoint)
    return Response(json_bytes(body), media_type="application/json", headers=headers)


@router.get(
    "/{endpoint_id}",
    response_model=Endpoint,
    responses=problems(404),
    openapi_extra=described(CACHED),
    operation_id="getWebhookEndpoint",
)
def get(request: Request, endpoint_id: str, caller: Reading) -> Response:
    """One endpoint, without its secret."""
    with request.app.state.database.read() as connection:
        found = service.get_endpoint(connection, caller.tenant_id, endpoint_id)
    tag = etag(found.version)
    if is_unchanged(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(
        json_bytes(service.tell_endpoint(found)), media_type="application/json", headers={"ETag": tag}
    )


@router.patch(
    "/{endpoint_id}",
    response_model=Endpoint,
    responses=problems(404, 412, 428),
    openapi_extra=described(MATCHED),
    operation_id="changeWebhookEndpoint",
)
def change(request: Request, endpoint_id: str, asked: ChangedEndpoint, work: Writing) -> Response:
    """Change the URL, the types of events, or the description; switch it off and on."""
    replayed = work.replayed()
    if replayed is not None:
        return replayed
    if asked.url is not None:
        with request.app.state.database.read() as connection:
            service.get_endpoint(connection, work.tenant_id, endpoint_id)
        service.check_url(request.app.state.registration, work.tenant_id, asked.url)

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_endpoint(connection, work.tenant_id, endpoint_id, is_held=True)
        require_match(request, found.version)
        service.change(connection, found, asked)
        work.audit(
            connection, now_ms, "webhook-endpoint.change", endpoint_id, found.version, found.version + 1
        )
        return _changed(connection, work, endpoint_id)

    return work.once(effect)


@router.delete(
    "/{endpoint_id}",
    status_code=204,
    responses=problems(404, 412, 428),
    openapi_extra=described(MATCHED),
    operation_id="deleteWebhookEndpoint",
)
def delete(request: Request, endpoint_id: str, work: Writing) -> Response:
    """Forget a receiver, and all that was sent to it or waits for it."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_endpoint(connection, work.tenant_id, endpoint_id, is_held=True)
        require_match(request, found.version)
        repository.drop_endpoint(connection, work.tenant_id, endpoint_id)
        work.audit(connection, now_ms, "webhook-endpoint.delete", endpoint_id, found.version)
        return Answer(204)

    return work.once(effect)


@router.post(
    "/{endpoint_id}/rotate-secret",
    response_model=EndpointWithSecret,
    responses=problems(404),
    dependencies=[REPEATABLE],
    operation_id="rotateWebhookSecret",
)
def rotate(request: Request, endpoint_id: str, work: Writing) -> Response:
    """Give an endpoint a new secret, told this once; for 24 hours messages bear signatures by both."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_endpoint(connection, work.tenant_id, endpoint_id, is_held=True)
        service.rotate(connection, found, now_ms)
        work.audit(
            connection, now_ms, "webhook-endpoint.rotate", endpoint_id, found.version, found.version + 1
        )
        return _changed(connection, work, endpoint_id)

    return _with_secret(request, work.once(effect))


@router.post(
    "/{endpoint_id}/test",
    status_code=202,
    response_model=Delivery,
    responses=problems(404, 409),
    dependencies=[REPEATABLE],
    operation_id="testWebhookEndpoint",
)
def send_test(endpoint_id: str, work: Writing) -> Response:
    """Send a `webhook.test` to an endpoint, whichever types of events it wants."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_endpoint(connection, work.tenant_id, endpoint_id, is_held=True)
        told = service.tell_delivery(service.send_test(connection, found, now_ms))
        work.audit(connection, now_ms, "webhook-endpoint.test", endpoint_id)
        return _accepted(told)

    return work.once(effect)


@router.get(
    "/{endpoint_id}/deliveries",
    response_model=DeliveryList,
    responses=problems(404),
    operation_id="listWebhookDeliveries",
)
def list_deliveries(
    request: Request, endpoint_id: str, caller: Reading, page: Paged, state: DeliveryState | None = None
) -> Response:
    """What was sent to an endpoint or waits for it, the newest first."""
    with request.app.state.database.read() as connection:
        service.get_endpoint(connection, caller.tenant_id, endpoint_id)
        rows = repository.list_deliveries(
            connection, caller.tenant_id, endpoint_id, state=state, after=page.after, limit=page.limit + 1
        )
    body, headers = page.answer(rows, lambda row: (row.created_ms, row.delivery_id), service.tell_delivery)
    return Response(json_bytes(body), media_type="application/json", headers=headers)


@router.get(
    "/{endpoint_id}/deliveries/{delivery_id}",
    response_model=Delivery,
    responses=problems(404),
    operation_id="getWebhookDelivery",
)
def get_delivery(request: Request, endpoint_id: str, delivery_id: str, caller: Reading) -> Response:
    """One delivery."""
    with request.app.state.database.read() as connection:
        found = service.get_endpoint(connection, caller.tenant_id, endpoint_id)
        told = service.tell_delivery(service.get_delivery(connection, found, delivery_id))
    return Response(json_bytes(told), media_type="application/json")


@router.post(
    "/{endpoint_id}/deliveries/{delivery_id}/resend",
    status_code=202,
    response_model=Delivery,
    responses=problems(404, 409),
    dependencies=[REPEATABLE],
    operation_id="resendWebhookDelivery",
)
def resend(endpoint_id: str, delivery_id: str, work: Writing) -> Response:
    """Send an event again, now, with the same `webhook-id`; all tries are before it again."""

    def effect(connection: Connection, now_ms: int) -> Answer:
        found = service.get_endpoint(connection, work.tenant_id, endpoint_id, is_held=True)
        told = service.tell_delivery(service.send_again(connection, found, delivery_id, now_ms))
        work.audit(connection, now_ms, "webhook-delivery.resend", delivery_id)
        return _accepted(told)

    return work.once(effect)


def _changed(connection: Connection, work: Work, endpoint_id: str) -> Answer:
    found = service.get_endpoint(connection, work.tenant_id, endpoint_id)
    return Answer(200, service.tell_endpoint(found), {"ETag": etag(found.version)})


def _accepted(delivery: dict[str, object]) -> Answer:
    place = f"{PATH}/{delivery['endpointId']}/deliveries/{delivery['id']}"
    return Answer(202, delivery, {"Location": place})


def _with_secret(request: Request, response: Response) -> Response:
    """Add the secret to an answer after it was stored for repetition, so that no copy of it is kept."""
    told = service.with_secret(request.app.state.settings.server_key(), json.loads(bytes(response.body)))
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(json_bytes(told), status_code=response.status_code, headers=headers)
