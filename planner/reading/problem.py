"""A batch file and a folder of tables -> a ready problem."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from planner.model.problem import Network, Problem, Terms
from planner.reading.batches import read_batches, read_intake
from planner.reading.files import Source
from planner.reading.intake import REFUSE, Intake
from planner.reading.tables import read_network


def read_problem(
    batches: Source,
    terms: Terms | None = None,
    *,
    network: Path | str | None = None,
    overlays: Sequence[Path | str] = (),
    rates_date: date | None = None,
    on_error: str = REFUSE,
) -> Problem:
    """Problem of a batch file and a network folder, all prices in the currency of the terms.

    Parameters
    ----------
    batches
        CSV, XLSX or JSON file, as for :func:`~planner.reading.batches.read_batches`.
    terms
        By default the least cost in US dollars. Money of terms in another currency is in that currency.
    network, overlays, rates_date
        As of :func:`~planner.reading.tables.read_network`; without a folder the shipped network.
    on_error
        What a faulty row means, as for :func:`~planner.reading.batches.read_batches`.

    Raises
    ------
    InputError
        With every fault of the network, else with every fault of the batches.
    """
    terms = terms or Terms()
    tables = read_network(network, terms.currency, rates_date, overlays=overlays)
    return Problem(network=tables, batches=read_batches(batches, tables, on_error=on_error), terms=terms)


def read_hashed_problem(
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
