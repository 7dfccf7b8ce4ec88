"""How each operation is called so that it succeeds: rows of the matrix of :mod:`tests.faults.authz`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.prepared import BATCH
from tests.faults.world import HOOK_URL, NETWORK
from tests.faults.world import ROWS as ROWS_FILE

Places = Mapping[str, str]
"""Names of parameters, and which of the ids of a world stands there."""


@dataclass(frozen=True)
class Row:
    """A call that succeeds.

    Parameters
    ----------
    ids
        Path parameters that name something of a tenant.
    refs
        Members of the body that do.
    """

    status: int
    ids: Places = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    refs: Places = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None


MATCH = {"If-Match": "*"}
REF = {"externalRef": "externalRef"}
SET, FRESH, UPLOAD = (
    {"batchSetId": "openSetId"},
    {"batchSetId": "freshSetId"},
    {"batchSetId": "openSetId", "uploadId": "uploadId"},
)
PLAN, COMPARISON = {"planId": "planId"}, {"comparisonId": "comparisonId"}
ENDPOINT, DELIVERY = (
    {"endpointId": "endpointId"},
    {"endpointId": "endpointId", "deliveryId": "deliveryId"},
)
PLANNED = {"batchSetId": "closedSetId", "networkId": "networkId"}
SHIPMENT = {
    "origin": "PLANT",
    "destination": "MARKET",
    "vehicleType": "SUV",
    "vehicles": 6,
    "ready": "2025-01-02",
}
"""Of the network of the world."""
CSV = {"Content-Type": "text/csv"}

OWN_NETWORK = {"networkId": "networkId"}

ROWS: dict[str, Row] = {
    "createNetwork": Row(200, content=NETWORK, headers={"Content-Type": "application/zip"}),
    "listNetworks": Row(200),
    "getNetwork": Row(200, OWN_NETWORK),
    "getNetworkReport": Row(200, OWN_NETWORK),
    "getNetworkTables": Row(200, OWN_NETWORK),
    "createBatchSet": Row(201, body={}, refs=OWN_NETWORK),
    "listBatchSets": Row(200),
    "getBatchSet": Row(200, SET),
    "changeBatchSet": Row(200, SET, body={"name": "other"}, headers=MATCH),
    "deleteBatchSet": Row(204, {"batchSetId": "disposableSetId"}, headers=MATCH),
    "closeBatchSet": Row(200, FRESH),
    "putBatches": Row(200, SET, body={"batches": [BATCH]}),
    "listBatches": Row(200, SET),
    "getBatch": Row(200, SET | REF),
    "putBatch": Row(200, SET, body=BATCH),
    "deleteBatch": Row(204, {"batchSetId": "disposableSetId"} | REF, headers=MATCH),
    "uploadBatches": Row(201, SET, content=ROWS_FILE, headers=CSV),
    "listUploads": Row(200, SET),
    "getUpload": Row(200, UPLOAD),
    "getUploadErrors": Row(200, UPLOAD),
    "getUploadRejected": Row(200, UPLOAD),
    "createPlan": Row(202, body={"slotValues": 0}, refs=PLANNED | {"keepPlanId": "planId"}),
    "listPlans": Row(200),
    "getPlan": Row(200, PLAN),
    "cancelPlan": Row(200, PLAN),
    "streamPlanEvents": Row(200, PLAN),
    "listPlanBatches": Row(200, PLAN),
    "listPlanUnplanned": Row(200, PLAN),
    "getPlanBatch": Row(200, PLAN | REF),
    "listPlanDepartures": Row(200, PLAN),
    "getPlanDocument": Row(200, PLAN),
    "getPlanMap": Row(200, PLAN),
    "getPlanWorkbook": Row(200, PLAN),
    "getPlanReport": Row(200, PLAN),
    "getPlanAssignments": Row(200, PLAN),
    "getPlanBookingSheet": Row(200, PLAN),
    "createComparison": Row(202, body={"only": ["rail"]}, refs=PLANNED),
    "listComparisons": Row(200),
    "getComparison": Row(200, COMPARISON),
    "cancelComparison": Row(200, COMPARISON),
    "streamComparisonEvents": Row(200, COMPARISON),
    "getComparisonDocument": Row(200, COMPARISON),
    "getComparisonReport": Row(200, COMPARISON),
    "listComparisonFiles": Row(200, COMPARISON),
    "getComparisonFile": Row(200, COMPARISON | {"name": "fileName"}),
    "createApiKey": Row(201, body={"label": "made", "scopes": ["plan:read"]}),
    "listApiKeys": Row(200),
    "getApiKey": Row(200, {"keyId": "keyId"}),
    "revokeApiKey": Row(200, {"keyId": "keyId"}),
    "listAudit": Row(200),
    "searchRoutes": Row(200, body=SHIPMENT, refs=OWN_NETWORK),
    "createWebhookEndpoint": Row(201, body={"url": HOOK_URL}),
    "listWebhookEndpoints": Row(200),
    "getWebhookEndpoint": Row(200, ENDPOINT),
    "changeWebhookEndpoint": Row(200, ENDPOINT, body={"description": "other"}, headers=MATCH),
    "deleteWebhookEndpoint": Row(204, {"endpointId": "disposableEndpointId"}, headers=MATCH),
    "rotateWebhookSecret": Row(200, ENDPOINT),
    "testWebhookEndpoint": Row(202, ENDPOINT),
    "listWebhookDeliveries": Row(200, ENDPOINT),
    "getWebhookDelivery": Row(200, DELIVERY),
    "resendWebhookDelivery": Row(202, DELIVERY),
}
"""A row for every operation that asks for a key."""
OPEN = {"getHealth", "getReady", "getProblem"}
"""Operations that nobody needs a key for."""
OF_OPERATORS = {"getMetrics"}
"""The operator has a token of its own."""
LAST = ("deleteBatch", "deleteBatchSet", "deleteWebhookEndpoint", "revokeApiKey")
"""Tried in this order at the end: nothing else finds what they take away."""
