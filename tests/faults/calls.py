"""A client that repeats a call until it is told for sure, and writes down what it was told."""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

BATCH = {
    "externalRef": "S-04",
    "shipper": "SAIC",
    "origin": "SAIC-CGO",
    "destination": "CMP-WARSAW",
    "vehicleType": "mg4",
    "vehicles": "64",
    "ready": "2027-03-01",
    "due": "2027-03-31",
}
PAUSE_S = 0.2
FINAL = ("succeeded", "failed", "cancelled")


@dataclass
class Ledger:
    """What a client was told, on the disk before anything else happens."""

    path: Path
    entries: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, **entry: Any) -> None:
        with self._lock, self.path.open("a") as kept:
            kept.write(json.dumps(entry) + "\n")
            kept.flush()
            os.fsync(kept.fileno())
            self.entries.append(entry)


@dataclass
class Caller:
    """Calls the service as an ERP would.

    Parameters
    ----------
    statuses
        How often each status was answered; 0 = the connection broke.
    """

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)
    _client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.url, timeout=30, headers=self.headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def once(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response | None:
        """One try; ``None`` if the connection broke."""
        headers = {} if key is None else {"Idempotency-Key": key}
        try:
            answer = self._client.request(method, path, json=body, headers=headers)
        except httpx.TransportError:
            self._count(0)
            return None
        self._count(answer.status_code)
        return answer

    def until_told(
        self, method: str, path: str, body: Any = None, key: str | None = None, *, seconds: float = 120
    ) -> httpx.Response:
        """Repeat a call until the answer is neither a broken connection nor 503 or 507."""
        end = time.monotonic() + seconds
        while True:
            answer = self.once(method, path, body, key)
            if answer is not None and answer.status_code not in (503, 507):
                return answer
            if time.monotonic() > end:
                raise RuntimeError(f"no answer to {method} {path} within {seconds:g} s: {answer}")
            time.sleep(PAUSE_S)

    def closed_set(self, num_batches: int = 1) -> str:
        """A closed batch set; its id."""
        made = self.until_told("POST", "/v1/batch-sets", {"name": "faults"}).json()
        here = f"/v1/batch-sets/{made['id']}"
        rows = [{**BATCH, "externalRef": f"S-{number:02}"} for number in range(num_batches)]
        put = self.until_told("POST", f"{here}/batches", {"batches": rows})
        assert put.status_code == 200, put.text
        assert self.until_told("POST", f"{here}/close").json()["state"] == "closed"
        identity: str = made["id"]
        return identity

    def plan(self, batch_set_id: str, wish: str, key: str, **more: Any) -> dict[str, Any]:
        """Queue a plan, whatever it takes; as it was told."""
        body = {"batchSetId": batch_set_id, "externalRef": wish, "slotValues": 0, **more}
        answer = self.until_told("POST", "/v1/plans", body, key)
        if answer.status_code != 202:
            raise RuntimeError(f"{answer.status_code}: {answer.text}")
        told: dict[str, Any] = answer.json()
        return told

    def wait(self, plan_id: str, seconds: float) -> dict[str, Any]:
        """A plan once it has ended."""
        end = time.monotonic() + seconds
        while True:
            told: dict[str, Any] = self.until_told("GET", f"/v1/plans/{plan_id}").json()
            if told["state"] in FINAL or time.monotonic() > end:
                return told
            time.sleep(0.1)

    def _count(self, status: int) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
