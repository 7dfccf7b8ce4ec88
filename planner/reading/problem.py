"""A batch file and a folder of tables -> a ready problem."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from planner.model.problem import Network, Problem, Terms
from planner.reading.batches import read_intake
from planner.reading.intake import REFUSE, Intake
from planner.reading.tables import read_network


def read_problem(
    content: bytes,
    name: str,
    network: Path | None,
    currency: str,
    to_terms: Callable[[Network], Terms],
    *,
    on_error: str = REFUSE,
    report: Callable[[Intake], None] | None = None,
) -> tuple[Problem, str]:
    """Problem of a batch file and a network folder, and the SHA-256 of the batch file.

    Parameters
    ----------
    content, name
        Bytes of the batch file, and how faults call it.
    network
        Folder of network tables; ``None`` = the shipped one.
    to_terms
        Terms of the plan: what they are by default may hang on a rate of the network.
    on_error
        What a faulty row means, as for :func:`~planner.reading.batches.read_batches`.
    report
        Told what came of the batch file, before its faults are raised.

    Raises
    ------
    InputError
        With every fault of the network, else with every fault of the batches.
    """
    tables = read_network(network, currency)
    intake = read_intake(BytesIO(content), tables, name)
    if report is not None:
        report(intake)
    problem = Problem(network=tables, batches=intake.accepted(on_error), terms=to_terms(tables))
    return problem, hashlib.sha256(content).hexdigest()
