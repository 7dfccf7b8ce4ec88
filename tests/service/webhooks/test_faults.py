"""The black box of webhooks in its short form, and proof that it sees what it looks for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.faults.hook import count_arrivals
from tests.faults.hook_receiver import Arrival


def arrival(event_id: str, sequence: int, *, body: bytes | None = None, **more: bool) -> Arrival:
    told = {"data": {"endpointId": "hook_1", "sequence": sequence}}
    flags = {"is_signed": True, "is_taken": True, **more}
    return Arrival(event_id=event_id, body=body or json.dumps(told).encode(), at=0.0, **flags)


def wrong_with(arrivals: list[Arrival], *promised: str) -> set[str]:
    figures = count_arrivals(arrivals, set(promised), set())
    names = ("missing", "bad_signatures", "unstable_ids", "gaps", "twice")
    return {name for name in names if figures[name]}


@pytest.mark.parametrize(
    ("arrivals", "wrong"),
    [
        ([arrival("evt_1", 1), arrival("evt_2", 2)], set()),
        ([arrival("evt_1", 1), arrival("evt_2", 2), arrival("evt_2", 2)], {"twice"}),
        ([arrival("evt_1", 1)], {"missing"}),
        ([arrival("evt_1", 1), arrival("evt_2", 2, is_taken=False)], {"missing"}),
        ([arrival("evt_1", 1), arrival("evt_2", 2, is_signed=False)], {"bad_signatures"}),
        ([arrival("evt_1", 1), arrival("evt_2", 3)], {"gaps"}),
        ([arrival("evt_2", 2), arrival("evt_1", 2)], {"gaps", "unstable_ids"}),
        ([arrival("evt_1", 1), arrival("evt_2", 2), arrival("evt_3", 2, is_taken=False)], {"unstable_ids"}),
        ([arrival("evt_1", 1), arrival("evt_2", 2), arrival("evt_2", 3)], {"unstable_ids", "twice"}),
    ],
)
def test_planted_faults_are_found(arrivals, wrong):
    assert wrong_with(arrivals, "evt_1", "evt_2") == wrong


def test_all_events_arrive_whoever_dies_and_nobody_forbidden_is_reached(database_url, root):
    command = [sys.executable, "-m", "tests.faults.hook"]
    if database_url.startswith("postgresql"):
        command += ["--database", database_url]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["misses"] == []
    assert figures["distinct"] == figures["promised"] > 0
    assert figures["kills"] == 2
