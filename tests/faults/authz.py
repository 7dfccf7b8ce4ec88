"""Who may do what to whose: every operation of the OpenAPI document, every kind of caller, every object.

``python -m tests.faults.authz [--database postgresql]``. Prints one line of JSON; ends with 1 on a miss: an
answer that is not the expected one, a difference between what belongs to others and what is absent, an
operation that has no row in the matrix.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from service.callers import SCOPES
from service.ids import new_id
from service.keys.admin import create, revoke
from service.keys.token import read_token
from service.store.database import Database
from tests.faults.databases import store_of
from tests.faults.figures import Figures, main
from tests.faults.matrix import LAST, OF_OPERATORS, OPEN, ROWS
from tests.faults.prepared import prepare
from tests.faults.servers import SERVER_KEY, Service
from tests.faults.world import World

REQUEST_ID = "the-same-for-all"
LIMITS = {
    "wrong_keys_a_minute": 1_000_000,
    "webhook_endpoints": 1_000,
    "queued_jobs": 1_000,
    "route_s": 60,
    "route_wait_s": 60,
}
"""So high that none of them answers first."""


@dataclass
class Tenant:
    """A tenant with one of everything."""

    name: str
    token: str
    ids: dict[str, str]

    @property
    def shown(self) -> str:
        """Its key as it is shown."""
        return f"Bearer {self.token}"


@dataclass
class Matrix:
    """Calls every operation as everybody, and remembers what was not as it should be."""

    client: httpx.Client
    database: Database
    server_key: bytes
    calls: int = 0
    misses: list[str] = field(default_factory=list)
    operations: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    own: Tenant = field(init=False)
    other: Tenant = field(init=False)

    def run(self) -> None:
        """All of it."""
        self.prepare()
        known = self.operations.keys() & ROWS.keys()
        self.try_operations(*sorted(known - set(LAST)), *(name for name in LAST if name in known))
        self._try_lists(self.own, self.other)
        self._try_shared_names(self.own, self.other)

    def prepare(self) -> None:
        """Read which operations there are, and make two tenants."""
        self._read_document()
        self.own, self.other = self._tenant("tenant-a"), self._tenant("tenant-b")

    def try_operations(self, *names: str) -> None:
        """Some operations, by everybody."""
        wrong = self._wrong_keys(self.own)
        for name in names:
            self._try_nobodies(name, self.own, wrong)
            self._try_others(name, self.own, self.other)

    def _read_document(self) -> None:
        for path, methods in self.client.get("/openapi.json").json()["paths"].items():
            for method, operation in methods.items():
                name = operation["operationId"]
                scopes = [*operation.get("security", [{}])[0].get("apiKey", ())]
                if scopes:
                    self.operations[name] = method.upper(), path, scopes[0]
                elif name not in OPEN | OF_OPERATORS:
                    self.misses.append(f"{name} asks for no key")
        self.misses += [f"{name} has no row in the matrix" for name in self.operations.keys() - ROWS.keys()]
        self.misses += [f"{name} is no operation" for name in ROWS.keys() - self.operations.keys()]

    def _tenant(self, name: str) -> Tenant:
        token = self._key(name, SCOPES)
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=self.client.base_url, timeout=60, headers=headers) as client:
            return Tenant(name, token, World(client).make())

    def _key(self, tenant: str, scopes: Iterable[str], days: int = 1) -> str:
        return create(self.database, self.server_key, tenant, "matrix", scopes, days)

    def _wrong_keys(self, own: Tenant) -> dict[str, str | None]:
        """What callers show who are nobody."""
        revoked, expired = self._key(own.name, SCOPES), self._key(own.name, SCOPES, days=-1)
        token = read_token(revoked)
        assert token is not None
        assert revoke(self.database, token.key_id)
        other_end = "0" if own.token[-1] != "0" else "1"
        return {
            "no key": None,
            "a malformed key": "Bearer letmein",
            "another scheme": f"Basic {own.token}",
            "a wrong checksum": f"{own.shown[:-1]}{other_end}",
            "a revoked key": f"Bearer {revoked}",
            "an expired key": f"Bearer {expired}",
        }

    def _try_nobodies(self, name: str, own: Tenant, wrong: Mapping[str, str | None]) -> None:
        """Who has no key is told so, in the same words, whatever is asked for."""
        told = set()
        for who, shown in wrong.items():
            for what, ids in (("own", own.ids), ("absent", _absent(own.ids))):
                answer = self._call(name, shown, ids)
                self._expect(answer, 401, f"with {who}, on {what}")
                told.add(_said(answer))
        if len(told) != 1:
            self.misses.append(f"{name}: 401 in {len(told)} forms")

    def _try_others(self, name: str, own: Tenant, other: Tenant) -> None:
        """Of a tenant's objects only its own keys know, and they need the scope."""
        row, needed = ROWS[name], self.operations[name][2]
        lacking = f"Bearer {self._key(own.name, [scope for scope in SCOPES if scope != needed])}"
        for what, ids in (("own", own.ids), ("another's", other.ids), ("absent", _absent(own.ids))):
            self._expect(self._call(name, lacking, ids), 403, f"without {needed}, on {what}")
        sources = {*row.ids.values(), *row.refs.values()}
        private = [source for source in sources if own.ids[source] != other.ids[source]]
        for source in sources:
            nothing = self._call(name, own.shown, {**own.ids, source: _absent(own.ids)[source]})
            self._expect(nothing, 404, f"on an absent {source}")
            if source in private:
                foreign = self._call(name, own.shown, {**own.ids, source: other.ids[source]})
                if _said(foreign) != _said(nothing):
                    self.misses.append(f"{name}: another's {source} is not as an absent one: {foreign.text}")
        if private:
            stranger = self._call(name, other.shown, own.ids)
            nothing = self._call(name, other.shown, {**own.ids, **_absent({s: own.ids[s] for s in private})})
            if _said(stranger) != _said(nothing) or stranger.status_code != 404:
                self.misses.append(f"{name}: a stranger is told {stranger.status_code} {stranger.text}")
        self._expect(self._call(name, own.shown, own.ids), row.status, "by its owner")

    def _try_lists(self, own: Tenant, other: Tenant) -> None:
        """What one tenant lists, searches and reads shows nothing of another."""
        names = [
            name for name, row in ROWS.items() if name.startswith(("list", "get")) and name in self.operations
        ]
        for name in names:
            answer = self._call(name, other.shown, other.ids)
            self._expect(answer, ROWS[name].status if name != "getApiKey" else 200, "by another, on its own")
            for source, value in own.ids.items():
                if value != other.ids[source] and value in answer.text:
                    self.misses.append(f"{name} shows {source} of another tenant")

    def _try_shared_names(self, own: Tenant, other: Tenant) -> None:
        """Keys of idempotency, cursors and references of tenants do not meet."""
        body = {"name": "shared", "externalRef": "shared"}
        made = [
            self._post("/v1/batch-sets", one, body, {"Idempotency-Key": "shared"}) for one in (own, other)
        ]
        self._expect_so([answer.status_code for answer in made] == [201, 201], "references or keys meet")
        self._expect_so(made[0].json()["id"] != made[1].json()["id"], "a replay crosses tenants")
        page = self._get("/v1/batch-sets?limit=1", own)
        cursor = page.json()["nextCursor"]
        self._expect_so(
            self._get(f"/v1/batch-sets?limit=1&cursor={cursor}", own).status_code == 200, "cursor"
        )
        crossed = self._get(f"/v1/batch-sets?limit=1&cursor={cursor}", other)
        self._expect_so(crossed.json()["code"] == "bad-cursor", "a cursor crosses tenants")
        found = self._get("/v1/batch-sets?externalRef=shared", other).json()["items"]
        self._expect_so([one["id"] for one in found] == [made[1].json()["id"]], "a search crosses tenants")
        planted = self._post("/v1/batch-sets", own, {"name": "planted", "tenantId": other.name}, {})
        self._expect_so(planted.status_code == 422, "a tenant can be named in a body")

    def _call(self, name: str, shown: str | None, ids: Mapping[str, str]) -> httpx.Response:
        row = ROWS[name]
        method, path, _ = self.operations[name]
        places = {"externalRef": ids["externalRef"]} | {
            place: ids[source] for place, source in row.ids.items()
        }
        body: Any = row.body
        if body is not None:
            body = {**body, **{member: ids[source] for member, source in row.refs.items()}}
        headers = {"X-Request-ID": REQUEST_ID, **row.headers}
        headers |= {} if shown is None else {"Authorization": shown}
        self.calls += 1
        self._name = name
        return self.client.request(
            method, path.format(**places), json=body, content=row.content, headers=headers
        )

    def _get(self, path: str, tenant: Tenant) -> httpx.Response:
        self.calls += 1
        return self.client.get(path, headers={"Authorization": tenant.shown})

    def _post(self, path: str, tenant: Tenant, body: Any, headers: Mapping[str, str]) -> httpx.Response:
        self.calls += 1
        return self.client.post(path, json=body, headers={"Authorization": tenant.shown, **headers})

    def _expect(self, answer: httpx.Response, status: int, where: str) -> None:
        if answer.status_code != status:
            self.misses.append(
                f"{self._name} {where}: {answer.status_code}, not {status}: {answer.text[:300]}"
            )

    def _expect_so(self, is_so: bool, miss: str) -> None:
        if not is_so:
            self.misses.append(miss)


def _absent(ids: Mapping[str, str]) -> dict[str, str]:
    """Ids of the same form that nobody has."""
    return {
        source: new_id(value.partition("_")[0]) if source.endswith("Id") else "absent"
        for source, value in ids.items()
    }


def _said(answer: httpx.Response) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """All that an answer says; the id of the request is the same for all."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name != "date")
    return answer.status_code, answer.content, tuple(headers)


def run(kind: str, _asked: argparse.Namespace) -> Figures:
    """A service of its own, and the matrix."""
    figures = Figures("authz", kind)
    with tempfile.TemporaryDirectory(prefix="lb-authz-") as name:
        data = Path(name) / "service" / "data"
        data.mkdir(parents=True)
        settings: dict[str, object] = {
            "child_program": prepare(Path(name) / "prepared"),
            "require_keys": True,
            "rates": False,
            "webhook_loopback": True,
            **{f"limits__{limit}": value for limit, value in LIMITS.items()},
        }
        with store_of(kind, data) as store:
            service = Service(store, data, 2, settings=settings)
            database = Database(store.url)
            try:
                service.start()
                with httpx.Client(base_url=service.url, timeout=60) as client:
                    matrix = Matrix(client, database, SERVER_KEY.encode())
                    matrix.run()
                figures.expect(service.tracebacks() == 0, "faults in the log")
            finally:
                service.stop()
                database.close()
    figures.count(operations=len(matrix.operations), calls=matrix.calls)
    figures.misses += matrix.misses
    return figures


if __name__ == "__main__":
    main(run)
