"""A batch file and a folder of tables -> a ready problem."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
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
    rates_date: date | None = None,
    *,
    overlays: Sequence[Path] = (),
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
    overlays
        Folders of tables laid over it, as for :func:`~planner.reading.tables.read_network`.
    to_terms
        Terms of the plan: what they are by default may hang on a rate of the network.
    rates_date
        Of each currency the last rate on or before this day counts; ``None`` = the newest.
    on_error
        What a faulty row means, as for :func:`~planner.reading.batches.read_batches`.
    report
        Told what came of the batch file, before its faults are raised.

    Raises
    ------
    InputError
        With every fault of the network, else with every fault of the batches.
    """
    tables = read_network(network, currency, rates_date, overlays=overlays)
    intake = read_intake(BytesIO(content), tables, name)
    if report is not None:
        report(intake)
    problem = Problem(network=tables, batches=intake.accepted(on_error), terms=to_terms(tables))
    return problem, hashlib.sha256(content).hexdigest()
