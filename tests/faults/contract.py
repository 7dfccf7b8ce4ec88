"""The service against its own OpenAPI document, by schemathesis: every check, every phase.

``python -m tests.faults.contract [--database postgresql] [--short]``. Prints one line of JSON, and on stderr
what schemathesis found; ends with 1 on a miss: a failure of a check, an operation that never answered 2xx, a
fault in the log.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from service.callers import SCOPES
from service.keys.admin import create
from service.keys.token import read_token
from service.store.database import Database
from tests.faults.databases import store_of
from tests.faults.figures import Figures, main
from tests.faults.prepared import prepare
from tests.faults.servers import SERVER_KEY, Service
from tests.faults.world import CELLS, World

HOOKS = Path(__file__).with_name("contract_hooks.py")
ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES, SHORT = 200, 20
PHASES: Sequence[str] = ("examples,coverage,fuzzing", "stateful")
"""One run each: after the others, the last would soon give up."""
SHORT_PHASES: Sequence[str] = ("examples,fuzzing,stateful",)
OPTIONS = {
    "examples": (EXAMPLES, SHORT, "generated cases of an operation"),
    "seed": (20260304, 20260304, "of what is generated"),
    "only": ("", "", "operation ids by a pattern, to look at some alone"),
    "phases": (" ".join(PHASES), " ".join(SHORT_PHASES), "of schemathesis; with blanks between runs"),
}
FITS = ["2xx", "3xx", "404", "409", "412"]
"""Answers to what fits the schema: it may be of nothing, come too late, or be of another version."""
FITS_NOT = ["400", "401", "404", "405", "409", "412", "413", "414", "415", "422", "428", "431"]
"""Answers to what does not fit."""
LACKS_HEADER = ["401", "404", "409", "422", "428"]
SHARE, SHARE_OF_CELLS = 0.7, 0.98
"""How often a real value is tried where there is one."""
AGAIN = 3
"""How often operations that were not reached are tried again."""
DISPOSABLE = 30
"""Objects of each kind that are there to be deleted or revoked."""
LIMITS: Mapping[str, float] = {
    "wait_s": 1,
    "wrong_keys_a_minute": 1_000_000,
    "webhook_endpoints": 10_000,
    "queued_jobs": 10_000,
    "route_s": 0.5,
}
"""No limit is to answer first, and nothing is waited for long."""


@dataclass
class Outcome:
    """What came of runs of schemathesis: answers are counted by operation and status."""

    failed: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    def reached(self) -> set[str]:
        """Operations that have answered 2xx."""
        return {call.split()[0] for call in self.calls if call.split()[1].startswith("2")}

    def by_status(self) -> dict[str, int]:
        """Answers by status."""
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
    folder: Path,
    url: str,
    token: str,
    runs: Sequence[str],
    seed: int,
    *more: str,
    wanted: AbstractSet[str] = frozenset(),
) -> Outcome:
    """Make a world at a service, and let schemathesis loose on it.

    Parameters
    ----------
    token
        A key with all scopes; also good for the figures of the service.
    runs
        Phases of each run.
    more
        More options of schemathesis.
    wanted
        Operations that are to be reached: those that chance has not led to a 2xx are tried again by
        themselves, with other seeds.
    """
    with httpx.Client(base_url=url, timeout=60, headers={"Authorization": f"Bearer {token}"}) as client:
        world = World(client)
        ids = world.make()
        choices = world.choices(DISPOSABLE)
    key = read_token(token)
    assert key is not None
    (folder / "world.json").write_text(json.dumps({"ids": ids, "own_key": key.key_id}))
    config, counts = folder / "schemathesis.toml", folder / "counts.json"
    config.write_text(_config(token, choices))
    environment = {
        **os.environ,
        "LANDBRIDGE_CONTRACT_WORLD": str(folder / "world.json"),
        "LANDBRIDGE_CONTRACT_COUNTS": str(counts),
        "PYTHONPATH": str(ROOT),
    }
    outcome = Outcome()

    def run(phases: str, seed: int, *words: str) -> None:
        counts.unlink(missing_ok=True)
        # One worker: Python 3.11 itself stumbles over deep syntax trees in several threads.
        asked = ["--config-file", config, "run", f"{url}/openapi.json", "--checks", "all", "--workers", "1"]
        asked += ["--phases", phases, "--continue-on-failure", "--request-timeout", "30", "--no-color"]
        asked += ["--seed", str(seed), *more, *words]
        done = subprocess.run(
            [Path(sys.executable).with_name("schemathesis"), *asked],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            cwd=folder,
        )
        if done.returncode:
            outcome.failed.append(done.stdout + done.stderr)
        if counts.exists():
            outcome.calls += Counter(json.loads(counts.read_text()))

    for phases in runs:
        run(phases, seed)
    for again in range(1, AGAIN + 1):
        missed = wanted - outcome.reached()
        if missed:
            run("fuzzing", seed + again, "--include-operation-id-regex", f"^({'|'.join(sorted(missed))})$")
    return outcome


def _config(token: str, choices: Mapping[str, list[str]]) -> str:
    """How schemathesis is set up: with real values beside made-up ones."""
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
    return SHARE_OF_CELLS if where.startswith("body") and where.rpartition(".")[2] in CELLS else SHARE


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
                **{f"limits__{limit}": value for limit, value in LIMITS.items()},
            }
            service = Service(store, data, 2, settings=settings)
            try:
                service.start()
                document = httpx.get(f"{service.url}/openapi.json", timeout=30).json()
                more = ["--max-examples", str(asked.examples)]
                more += ["--include-operation-id-regex", asked.only] if asked.only else []
                wanted = set() if asked.only else operations(document)
                runs = asked.phases.split()
                found = fuzz(folder, service.url, token, runs, asked.seed, *more, wanted=wanted)
                tracebacks = service.tracebacks()
            finally:
                service.stop()
    missed = sorted(wanted - found.reached())
    figures.count(
        operations=len(operations(document)),
        calls=found.calls.total(),
        statuses=found.by_status(),
        not_reached=missed,
    )
    sys.stderr.writelines(found.failed)
    figures.expect(not found.failed, f"schemathesis found something in {len(found.failed)} runs")
    figures.expect(not missed, "operations without a 2xx")
    figures.expect(tracebacks == 0, f"{tracebacks} faults in the log")
    return figures


if __name__ == "__main__":
    main(run, **OPTIONS)
