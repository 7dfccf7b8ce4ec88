"""How a plan came about: what one needs beside the problem to make the same plan again."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import TYPE_CHECKING

from planner.model.results import SolveOptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

PROGRAMS = ("landbridge", "ortools", "numba", "numpy")
"""Distributions whose version may change what a plan looks like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What the problem and the result do not know of a run, and one needs to make the same plan again.

    Parameters
    ----------
    versions
        Program versions by name: ``landbridge``, ``python``, ``ortools``.
    batches_sha256
        SHA-256 of the batch file's bytes, hexadecimal; empty if the batches came from no file.
    kept_plan_sha256
        SHA-256 of the bytes of the plan file of which something is kept; empty if nothing is.
    rates_date
        Day of the rates that prices were converted at; ``None`` = the newest.
    what_if
        Switches that changed the network: ``close KHORGOS:2026-03-01..2026-03-15``.
    options
        Limits and seed the solver was given.
    """

    versions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    batches_sha256: str = ""
    kept_plan_sha256: str = ""
    rates_date: date | None = None
    what_if: tuple[str, ...] = ()
    options: SolveOptions = field(default_factory=SolveOptions)


def record_run(
    batches_sha256: str = "",
    options: SolveOptions | None = None,
    *,
    kept_plan_sha256: str = "",
    rates_date: date | None = None,
    what_if: Sequence[str] = (),
) -> RunRecord:
    """Record of a run of the programs that are installed here; parameters as of :class:`RunRecord`."""
    versions = {**{name: version_of(name) for name in PROGRAMS}, "python": platform.python_version()}
    return RunRecord(
        versions=versions,
        batches_sha256=batches_sha256,
        kept_plan_sha256=kept_plan_sha256,
        rates_date=rates_date,
        what_if=tuple(what_if),
        options=options or SolveOptions(),
    )


def version_of(distribution: str) -> str:
    """Installed version; run from a source tree that is not installed, there is none."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"
