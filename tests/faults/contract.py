"""The service against its own OpenAPI document, by schemathesis: every check, every phase.

``python -m tests.faults.contract [--database postgresql] [--short]``. Prints one line of JSON; ends with 1 on
a miss: a failure of a check, an operation that never answered 2xx, a fault in the log.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from service.callers import SCOPES
from service.keys.admin import create
from service.keys.token import read_token
from service.store.database import Database
from tests.faults.databases import store_of
from tests.faults.figures import Figures, main
from tests.faults.prepared import BATCH, prepare
from tests.faults.servers import SERVER_KEY, Service
from tests.faults.world import World

HOOKS = Path(__file__).with_name("contract_hooks.py")
PHASES = "examples,coverage,fuzzing,stateful"
OPTIONS = {
    "examples": (200, 20, "generated cases of an operation"),
    "seed": (20260304, 20260304, "of what is generated"),
    "only": ("", "", "operation ids by a pattern, to look at some alone"),
    "phases": (PHASES, "examples,fuzzing,stateful", "of schemathesis"),
}
FITS = ["2xx", "3xx", "404", "409", "412"]
"""Answers to what fits the schema: it may be of nothing, come too late, or be of another version."""
FITS_NOT = ["400", "401", "404", "405", "409", "412", "413", "414", "415", "422", "428", "431"]
"""Answers to what does not fit."""
LACKS_HEADER = ["401", "404", "409", "422", "428"]
SHARE, SHARE_OF_CELLS = 0.7, 0.95
"""How often a real id is tried where one is asked for."""
DISPOSABLE = 30
"""Objects of each kind that are there to be deleted or revoked."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run of schemathesis."""

    exit_code: int
    output: str
    calls: Mapping[str, int]

    def reached(self) -> set[str]:
        """Operations that have answered 2xx."""
        return {call.split()[0] for call in self.calls if call.split()[1].startswith("2")}

    def by_status(self) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for call, times in self.calls.items():
            counted[call.split()[1]] += times
        return dict(sorted(counted.items()))


def operations(document: Mapping[str, Any]) -> set[str]:
    """All operation ids of a document."""
    return {
        operation["operationId"] for methods in document["paths"].values() for operation in methods.values()
    }


def fuzz(
    folder: Path, url: str, token: str, examples: int, *, seed: int, phases: str = PHASES, only: str = ""
) -> Outcome:
    """Make a world at a service, and let schemathesis loose on it.

    Parameters
    ----------
    token
        A key with all scopes; also good for the figures of the service.
    """
    with httpx.Client(base_url=url, timeout=60, headers={"Authorization": f"Bearer {token}"}) as client:
        world = World(client)
        ids = world.make()
        choices = world.choices(DISPOSABLE)
    key = read_token(token)
    assert key is not None
    told = {"ids": ids, "own_key": key.key_id, "codes": ["url"]}
    (folder / "world.json").write_text(json.dumps(told))
    (folder / "schemathesis.toml").write_text(_config(token, choices))
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        str(folder / "schemathesis.toml"),
    ]
    command += [
        "run",
        f"{url}/openapi.json",
        "--checks",
        "all",
        "--max-examples",
        str(examples),
        "--seed",
        str(seed),
    ]
    command += ["--workers", "1", "--no-color", "--continue-on-failure", "--request-timeout", "30"]
    command += ["--phases", phases]
    if only:
        command += ["--include-operation-id-regex", only]
    environment = {
        **os.environ,
        "LANDBRIDGE_CONTRACT_WORLD": str(folder / "world.json"),
        "LANDBRIDGE_CONTRACT_COUNTS": str(folder / "counts.json"),
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
    }
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder)
    counts = folder / "counts.json"
    calls = json.loads(counts.read_text()) if counts.exists() else {}
    return Outcome(done.returncode, done.stdout + done.stderr, calls)


def _config(token: str, choices: Mapping[str, list[str]]) -> str:
    """How schemathesis is set up: real ids beside made-up ones, what may be of any size kept small."""
    lines = [
        f"hooks = {json.dumps(str(HOOKS))}",
        "[cache]",
        "enabled = false",
        "[generation]",
        'database = "none"',
        "[auth.openapi.apiKey]",
        f"bearer = {json.dumps(token)}",
        "[auth.openapi.metricsToken]",
        f"bearer = {json.dumps(token)}",
        "[checks.positive_data_acceptance]",
        f"expected-statuses = {json.dumps(FITS)}",
        "[checks.negative_data_rejection]",
        f"expected-statuses = {json.dumps(FITS_NOT)}",
        "[checks.missing_required_header]",
        f"expected-statuses = {json.dumps(LACKS_HEADER)}",
        "[parameters]",
    ]
    names = {where: re.sub(r"\W", "_", where) for where in choices}
    lines += [
        f"{json.dumps(where)} = {{dictionary = {json.dumps(name)}, probability = {_share(where)}}}"
        for where, name in names.items()
    ]
    for where, values in choices.items():
        lines += [f"[dictionaries.{names[where]}]", f"values = {json.dumps(values)}"]
    return "\n".join(lines) + "\n"


def _share(where: str) -> float:
    return SHARE_OF_CELLS if where.startswith("body") and where.rpartition(".")[2] in BATCH else SHARE


def run(kind: str, asked: argparse.Namespace) -> Figures:
    """A service of its own, its document, and what came of them."""
    figures = Figures("contract", kind)
    with tempfile.TemporaryDirectory(prefix="lb-contract-") as name:
        folder = Path(name)
        data = folder / "service" / "data"
        data.mkdir(parents=True)
        program = prepare(folder / "prepared")
        with store_of(kind, data) as store:
            database = Database(store.url)
            token = create(database, SERVER_KEY.encode(), "fuzzer", "all of it", SCOPES, 1)
            database.close()
            settings = {
                "child_program": program,
                "require_keys": True,
                "rates": False,
                "metrics_token": token,
                "webhook_loopback": True,
                "limits__wait_s": 1,
                "limits__wrong_keys_a_minute": 1_000_000,
                "limits__webhook_endpoints": 1_000,
            }
            service = Service(store, data, 2, settings=settings)
            try:
                service.start()
                document = httpx.get(f"{service.url}/openapi.json", timeout=30).json()
                begun = time.monotonic()
                found = fuzz(
                    folder,
                    service.url,
                    token,
                    asked.examples,
                    seed=asked.seed,
                    phases=asked.phases,
                    only=asked.only,
                )
                figures.count(fuzz_seconds=round(time.monotonic() - begun))
                tracebacks = service.tracebacks()
            finally:
                service.stop()
            (Path(tempfile.gettempdir()) / "lb-contract-api.log").write_text(service.api.log.read_text())
    (Path(tempfile.gettempdir()) / "lb-contract-output.txt").write_text(found.output)
    wanted = operations(document)
    missed = sorted(wanted - found.reached()) if not asked.only else []
    figures.count(
        operations=len(wanted),
        calls=sum(found.calls.values()),
        by_status=found.by_status(),
        not_reached=missed,
    )
    figures.expect(found.exit_code == 0, f"schemathesis ended with {found.exit_code}")
    figures.expect(not missed, "operations without a 2xx")
    figures.expect(tracebacks == 0, f"{tracebacks} faults in the log")
    return figures


if __name__ == "__main__":
    main(run, **OPTIONS)
