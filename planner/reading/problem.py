"""A batch file and a folder of tables -> a ready problem."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

from planner.model.problem import Network, Problem, Terms
from planner.reading.batches import read_batches
from planner.reading.tables import read_network


def read_problem(
    content: bytes,
    name: str,
    network: Path | None,
    currency: str,
    to_terms: Callable[[Network], Terms],
    rates_date: date | None = None,
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
    rates_date
        Of each currency the last rate on or before this day counts; ``None`` = the newest.

    Raises
    ------
    InputError
        With every fault of the network, else with every fault of the batches.
    """
    tables = read_network(network, currency, rates_date)
    batches = read_batches(BytesIO(content), tables, name)
    problem = Problem(network=tables, batches=batches, terms=to_terms(tables))
    return problem, hashlib.sha256(content).hexdigest()
