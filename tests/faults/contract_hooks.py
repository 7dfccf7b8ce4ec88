"""Loaded by schemathesis: keeps its key alive, counts answers by operation, knows a refusal by content."""

from __future__ import annotations

import atexit
import json
import os
import threading
from collections import Counter
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

from planner.reading import codes
from tests.faults.prepared import BATCH
from tests.faults.world import NETWORK, ROWS

WORLD = json.loads(Path(os.environ["LANDBRIDGE_CONTRACT_WORLD"]).read_text())
COUNTS = Path(os.environ["LANDBRIDGE_CONTRACT_COUNTS"])
BY_CONTENT = {value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)} | {
    "url"
}
"""Kinds of faults that no schema tells: a place that the network does not have, a day that is no day."""

TAKING_AWAY = {
    "closeBatchSet": ("batchSetId", "openSetId", "closableSetId"),
    "deleteBatch": ("batchSetId", "openSetId", "shrinkableSetId"),
    "deleteBatchSet": ("batchSetId", "openSetId", "disposableSetId"),
    "changeWebhookEndpoint": ("endpointId", "endpointId", "disposableEndpointId"),
    "deleteWebhookEndpoint": ("endpointId", "endpointId", "disposableEndpointId"),
}
"""Operations that take away: whose id, of what others need, and of what goes instead."""
CONDITIONS = ("If-Match", "If-None-Match")
REFUSALS = ("bad-cursor", "key-reused")
"""Nobody can make up a cursor, and a key of idempotency is good for one request."""

_counted: Counter[str] = Counter()
_lock = threading.Lock()


ANY = st.binary(min_size=1)
schemathesis.openapi.media_type("application/zip", st.just(NETWORK) | st.just(NETWORK) | ANY)
schemathesis.openapi.media_type("text/csv", st.just(ROWS) | ANY)
schemathesis.openapi.media_type("application/octet-stream", st.just(NETWORK) | st.just(ROWS) | ANY)


@schemathesis.hook
def before_load_schema(_context, raw_schema):
    """Let examples be of what is there, so that chance alone does not decide whether one succeeds.

    Those of files go, which schemathesis can't send; the strategies above have them.
    """
    ids = WORLD["ids"] | {"batchSetId": WORLD["ids"]["openSetId"]}
    raw_schema["components"]["schemas"]["BatchAsked"]["examples"] = [BATCH]
    for methods in raw_schema["paths"].values():
        for operation in methods.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                content.pop("example", None)
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["name"] in ids:
                    parameter["schema"]["examples"] = [ids[parameter["name"]]]
                elif parameter["name"] in CONDITIONS and not parameter["required"]:
                    parameter["schema"].pop("examples", None)


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Leave in peace what others need, the own key above all; ask for parts where their wholes have them."""
    places, ids = case.path_parameters, WORLD["ids"]
    if places.get("keyId") == WORLD["own_key"]:
        places["keyId"] = ids["keyId"]
    taking = TAKING_AWAY.get(case.operation.definition.raw.get("operationId"))
    if taking is not None:
        place, kept, instead = taking
        if places.get(place) == ids[kept]:
            places[place] = ids[instead]
    for part, place, kept in (
        ("uploadId", "batchSetId", "openSetId"),
        ("deliveryId", "endpointId", "endpointId"),
    ):
        if places.get(part) == ids[part]:
            places[place] = ids[kept]


@schemathesis.hook
def after_call(_context, case, response):
    """Count an answer."""
    name = case.operation.definition.raw.get("operationId", case.operation.label)
    with _lock:
        _counted[f"{name} {response.status_code}"] += 1


@schemathesis.hook
def filter_failure(_context, failure, _case, response):
    """Refusals of data that fit the schema are right if every fault is one of content."""
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code not in (400, 422):
        return True
    problem = response.json()
    if problem["code"] in REFUSALS:
        return False
    faults = problem.get("errors", [])
    return not faults or any(fault["code"] not in BY_CONTENT for fault in faults)


@atexit.register
def _tell() -> None:
    COUNTS.write_text(json.dumps(_counted))
