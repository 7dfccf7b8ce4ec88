"""What all tests share: the number of random worlds, their seed, and skips that may not happen on CI."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
PROOF = os.environ.get("LANDBRIDGE_PROOF") == "1"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
SEED = int(os.environ.get("LANDBRIDGE_SEED", "20260304"))

HEAVY = (
    "tests/test_docs.py",
    "tests/test_properties.py",
    "tests/faults/test_faults_on_postgresql.py",
    "tests/faults/test_faults_on_sqlite.py",
    "tests/test_remedies.py",
    "tests/service/web/test_journeys.py",
    "tests/faults/test_load.py",
    "tests/faults/test_contract.py",
    "tests/service/routes/test_desk.py",
    "tests/service/plans/test_plans.py",
    "tests/test_metamorphic.py",
    "tests/checking/test_any_plan.py",
    "tests/service/test_flow.py",
    "tests/service/intake/test_children.py",
    "tests/service/test_backup.py",
    "tests/test_cli_route.py",
    "tests/test_slot_values.py",
    "tests/solver/test_pareto.py",
)
"""Files that take longest, by the clock, the longest first."""

# Thousands of small worlds are built and kept: to look for garbage less often saves a twelfth of the time.
gc.set_threshold(50_000, 20, 100)

# Most services that tests start are asked for no route: none loads a solver for it before it is.
os.environ["LANDBRIDGE_WARM_ROUTES"] = "false"

settings.register_profile("landbridge", deadline=None, derandomize=not PROOF, print_blob=True)
settings.load_profile("landbridge")


def pytest_report_header() -> str:
    counts = "full" if PROOF else "a tenth"
    return f"landbridge: seed {SEED}, random worlds: {counts}, REQUIRE_ALL={int(REQUIRE_ALL)}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On two cores begin with the files that take longest: one begun last would leave the other core idle."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = {file: number for number, file in enumerate(HEAVY)}
        items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(HEAVY)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where everything has to be there."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but REQUIRE_ALL=1: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def copied_child(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A child program that leaves real results at once, whatever is planned; made once for all processes."""
    from tests.faults.prepared import prepare  # noqa: PLC0415 - loads the service

    if "PYTEST_XDIST_WORKER" not in os.environ:
        return str(prepare(tmp_path_factory.mktemp("prepared")))
    from fcntl import LOCK_EX, flock  # noqa: PLC0415 - not on every system

    shared = tmp_path_factory.getbasetemp().parent
    with (shared / "prepared.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        return str(prepare(shared / "prepared"))


@pytest.fixture
def root() -> Path:
    """Folder of the project."""
    return ROOT


@pytest.fixture
def seed() -> int:
    """Seed of random worlds: LANDBRIDGE_SEED, printed at the head of every run."""
    return SEED


@pytest.fixture
def num_worlds() -> Callable[[int], int]:
    """Number of random worlds to try: all of them under LANDBRIDGE_PROOF=1, else a tenth."""
    return lambda full: full if PROOF else max(1, full // 10)
