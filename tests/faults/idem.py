"""Every create is sent several times, a part of the connections cut after sending: each key makes one object.

python -m tests.faults.idem --database postgresql
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.faults.calls import Caller
from tests.faults.figures import Figures, main
from tests.faults.servers import service_of
from tests.service.postgres import Postgres

OPTIONS = {
    "requests": (2_000, 60, "creates, each with a key of its own"),
    "dup": (5, 5, "how often each is sent"),
    "cut": (0.2, 0.2, "share of connections cut after sending"),
    "threads": (16, 8, "that send at once"),
    "seed": (1, 1, "of order and cuts"),
}
SETS, PLANS = "/v1/batch-sets", "/v1/plans"


@dataclass(frozen=True)
class Create:
    """One call of a client."""

    key: str
    path: str
    body: bytes


@dataclass
class Told:
    """What came back."""

    bodies: dict[str, set[tuple[int, bytes]]] = field(default_factory=lambda: defaultdict(set))
    replayed: int = 0
    cut: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, status: int, body: bytes, *, is_replay: bool) -> None:
        with self._lock:
            self.bodies[key].add((status, body))
            self.replayed += is_replay

    def note_cut(self) -> None:
        with self._lock:
            self.cut += 1


def run(kind: str, asked: argparse.Namespace, cluster: Postgres | None = None) -> Figures:
    figures = Figures("idem", kind)
    chance = random.Random(asked.seed)
    with service_of(kind, workers=0, cluster=cluster) as service, Caller(service.url) as caller:
        batch_set_id = caller.closed_set()
        before = _objects(service.store)
        creates = [_create(number, batch_set_id) for number in range(asked.requests)]
        sent = [create for create in creates for _ in range(asked.dup)]
        # Neighbours, so that duplicates meet each other; but some come much later.
        late = [sent.pop(chance.randrange(len(sent))) for _ in range(len(sent) // 5)]
        told = Told()
        cuts = [chance.random() < asked.cut for _ in sent + late]
        with ThreadPoolExecutor(asked.threads) as pool:
            list(pool.map(lambda pair: _send(service.port, *pair, told), zip(sent + late, cuts, strict=True)))
        # Whoever heard nothing, or was cut, asks once more and is told now.
        for create in creates:
            _send(service.port, create, False, told)
        made = _objects(service.store) - before
        differ = [key for key, found in told.bodies.items() if len(found) != 1]
        refused = [
            key
            for key, found in told.bodies.items()
            if {status for status, _ in found} & {400, 422, 500, 503}
        ]
        others = sum(_is_other_refused(service.port, create) for create in creates)
        figures.count(
            requests=asked.requests, sent=len(cuts) + len(creates), cut=told.cut, replayed=told.replayed
        )
        figures.count(
            objects=made, keys_with_two_answers=len(differ), refused=len(refused), other_body_422=others
        )
        figures.count(database_faults=len(service.store.faults()))
    figures.expect(made == asked.requests, f"{made} objects of {asked.requests} keys")
    figures.expect(not differ, f"two answers to one key: {[(one, told.bodies[one]) for one in differ[:1]]}")
    figures.expect(not refused, f"refused: {[(one, told.bodies[one]) for one in refused[:1]]}")
    figures.expect(others == asked.requests, "another body was not refused")
    return figures


def _create(number: int, batch_set_id: str) -> Create:
    if number % 2:
        body = {"batchSetId": batch_set_id, "externalRef": f"quick 0 {number}"}
        return Create(f"key-{number}", PLANS, json.dumps(body).encode())
    return Create(f"key-{number}", SETS, json.dumps({"name": f"set {number}"}).encode())


def _send(port: int, create: Create, is_cut: bool, told: Told) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(_request(create.path, create.key, create.body))
        if is_cut:
            told.note_cut()
            return  # the socket closes: nobody reads the answer
        head, body = _answer(connection)
    status = int(head.split(b" ", 2)[1])
    told.note(create.key, status, body, is_replay=b"idempotency-replayed: true" in head.lower())


def _is_other_refused(port: int, create: Create) -> bool:
    body = create.body.replace(b"{", b"{ ", 1)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(_request(create.path, create.key, body))
        head, answer = _answer(connection)
    return b" 422 " in head.partition(b"\r\n")[0] and json.loads(answer)["code"] == "key-reused"


def _request(path: str, key: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def _answer(connection: socket.socket) -> tuple[bytes, bytes]:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    return head, body


def _objects(store) -> int:
    counted = store.rows(
        "select (select count(*) from batch_sets) + (select count(*) from plans) as objects, "
        "(select count(*) from jobs) as jobs, (select count(*) from plans) as plans"
    )[0]
    if counted["jobs"] != counted["plans"]:
        raise RuntimeError("a plan without its job, or a job without its plan")
    return counted["objects"]


if __name__ == "__main__":
    main(run, **OPTIONS)
