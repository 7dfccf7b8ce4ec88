"""One of everything that a tenant can have, made over HTTP.

The service is given :mod:`tests.faults.copied_child`, and may send webhooks to this machine.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from service.batch_sets.schemas import BatchAsked
from tests.faults.prepared import BATCH
from tests.service.intake.archives import TABLES, packed

HOOK_URL = "http://127.0.0.1:1025/hook"
"""Of this machine, where nobody listens."""
CELLS = {
    **dict.fromkeys(BatchAsked.model_json_schema(by_alias=True)["properties"], ""),
    **BATCH,
    "reference": "PO-4711",
    "priority": "2",
}
"""Of every column of a batch something that it takes."""
NETWORK = packed(TABLES)
ROW = {"batch_id": BATCH["externalRef"], "vehicle_type": BATCH["vehicleType"]} | {
    name: text for name, text in BATCH.items() if name not in ("externalRef", "vehicleType")
}
ROWS = f"{','.join(ROW)}\r\n{','.join(ROW.values())}\r\n".encode()
"""A file with the one batch."""
FINAL = ("succeeded", "failed", "cancelled")


@dataclass
class World:
    """Ids of what is there, by the name of the parameter that they stand for.

    Parameters
    ----------
    client
        Calls as the tenant.
    """

    client: httpx.Client
    ids: dict[str, str] = field(default_factory=dict)

    def make(self) -> dict[str, str]:
        """Make all of it; the ids."""
        ids = self.ids
        ids["openSetId"] = self.open_set("open")
        ids["freshSetId"] = self.open_set()
        ids["disposableSetId"], ids["closableSetId"] = self.open_set(), self.open_set()
        ids["shrinkableSetId"] = self.open_set()
        ids["externalRef"] = BATCH["externalRef"]
        ids["uploadId"] = self.upload(ids["openSetId"])
        ids["closedSetId"] = self.closed_set("closed")
        ids["planId"] = self.plan(ids["closedSetId"])
        ids["comparisonId"] = self.comparison(ids["closedSetId"])
        ids["fileName"] = "report.html"
        ids["keyId"] = self.key("another")
        ids["endpointId"], ids["disposableEndpointId"] = self.endpoint(), self.endpoint()
        ids["deliveryId"] = self.delivery(ids["endpointId"])
        ids["networkId"] = self.network()
        return ids

    def choices(self, disposable: int) -> dict[str, list[str]]:
        """Values worth trying, by where they go: ids of what is there, and of what may be taken away."""
        ids = self.ids
        sets = [self.open_set() for _ in range(disposable)]
        keys = [self.key(f"disposable {number}") for number in range(disposable)]
        return {
            "path.batchSetId": [ids["openSetId"], ids["closedSetId"], *sets],
            "path.externalRef": [ids["externalRef"]],
            "path.uploadId": [ids["uploadId"]],
            "path.planId": [ids["planId"]],
            "path.comparisonId": [ids["comparisonId"]],
            "path.name": [ids["fileName"], "comparison.json"],
            "path.keyId": [ids["keyId"], *keys],
            "path.code": ["not-found", "invalid"],
            "path.endpointId": [ids["endpointId"], *(self.endpoint() for _ in range(disposable))],
            "path.deliveryId": [ids["deliveryId"]],
            "header.If-Match": ["*", '"1"', '"2"'],
            "body.batchSetId": [ids["closedSetId"], ids["openSetId"]],
            "body.networkId": ["shipped", ids["networkId"]],
            "path.networkId": ["shipped", ids["networkId"]],
            "body.keepPlanId": [ids["planId"]],
            "body.url": [HOOK_URL],
            **{
                f"{where}.{name}": [text]
                for where in ("body", "body.batches[*]")
                for name, text in CELLS.items()
            },
        }

    def open_set(self, ref: str | None = None, num_batches: int = 1) -> str:
        """An open batch set with some batches."""
        made = self.ask("POST", "/v1/batch-sets", 201, json={"name": "world", "externalRef": ref})
        rows = [BATCH] + [{**BATCH, "externalRef": f"B-{number:03}"} for number in range(1, num_batches)]
        self.ask("POST", f"/v1/batch-sets/{made['id']}/batches", 200, json={"batches": rows})
        return str(made["id"])

    def closed_set(self, ref: str | None = None, num_batches: int = 1) -> str:
        """A closed batch set."""
        found = self.open_set(ref, num_batches)
        self.ask("POST", f"/v1/batch-sets/{found}/close", 200)
        return found

    def upload(self, batch_set_id: str) -> str:
        """A refused upload: it has errors and rejected rows."""
        faulty = ROWS.replace(BATCH["vehicles"].encode(), b"0")
        files = {"file": ("night.csv", faulty, "text/csv")}
        return str(self.ask("POST", f"/v1/batch-sets/{batch_set_id}/uploads", 422, files=files)["uploadId"])

    def plan(self, batch_set_id: str, **asked: Any) -> str:
        """A plan that has succeeded."""
        made = self.ask("POST", "/v1/plans", 202, json={"batchSetId": batch_set_id, "slotValues": 0, **asked})
        return self.succeeded(made)

    def comparison(self, batch_set_id: str, **asked: Any) -> str:
        """A comparison that has succeeded."""
        body = {"batchSetId": batch_set_id, "only": ["rail"], **asked}
        return self.succeeded(self.ask("POST", "/v1/comparisons", 202, json=body))

    def key(self, label: str, *scopes: str) -> str:
        """Another key of the tenant; its id."""
        body = {"label": label, "scopes": scopes or ["plan:read"]}
        return str(self.ask("POST", "/v1/api-keys", 201, json=body)["id"])

    def network(self) -> str:
        """A small network."""
        headers = {"Content-Type": "application/zip"}
        return str(self.ask("POST", "/v1/networks", 201, content=NETWORK, headers=headers)["id"])

    def endpoint(self) -> str:
        """A receiver of webhooks that nobody is."""
        return str(self.ask("POST", "/v1/webhook-endpoints", 201, json={"url": HOOK_URL})["id"])

    def delivery(self, endpoint_id: str) -> str:
        """Something that waits to be delivered."""
        return str(self.ask("POST", f"/v1/webhook-endpoints/{endpoint_id}/test", 202)["id"])

    def succeeded(self, made: dict[str, Any], seconds: float = 90) -> str:
        """Wait for a job; its id."""
        end = time.monotonic() + seconds
        told = made
        while told["state"] not in FINAL and time.monotonic() < end:
            told = self.ask("GET", made["links"]["self"], 200, headers={"Prefer": "wait=20"})
        assert told["state"] == "succeeded", told
        return str(told["id"])

    def ask(self, method: str, path: str, status: int, **more: Any) -> dict[str, Any]:
        """Call, and take the answer if it is of the status that is expected."""
        answer = self.client.request(method, path, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        found: dict[str, Any] = answer.json()
        return found
