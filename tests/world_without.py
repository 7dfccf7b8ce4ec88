"""The same world with one of its rules taken out, as if nobody had written it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.model import Batch, Closure, DepartureException, Problem, Service, StorageTier


def terms(**values: Any) -> Callable[[Problem], Problem]:
    return lambda problem: replace(problem, terms=replace(problem.terms, **values))


def objective(name: str) -> Callable[[Problem], Problem]:
    """Plan for money instead of the objective named."""
    to_cost = terms(objective="cost", day_value=Fraction(0), carbon_price=Fraction(0))
    return lambda problem: to_cost(problem) if problem.terms.objective == name else problem


def services(**values: Any) -> Callable[[Problem], Problem]:
    return _services(lambda service: replace(service, **values))


def _services(change: Callable[[Service], Service]) -> Callable[[Problem], Problem]:
    return lambda problem: _tables(
        problem, services={name: change(row) for name, row in problem.network.services.items()}
    )


def batches(**values: Any) -> Callable[[Problem], Problem]:
    return _batches(lambda batch: replace(batch, **values))


def _batches(change: Callable[[Batch], Batch]) -> Callable[[Problem], Problem]:
    return lambda problem: replace(problem, batches=tuple(change(batch) for batch in problem.batches))


def rows(table: str, **values: Any) -> Callable[[Problem], Problem]:
    """Every row of a table with these values instead of its own."""
    return lambda problem: _tables(
        problem, **{table: tuple(replace(row, **values) for row in getattr(problem.network, table))}
    )


def no_rows(table: str) -> Callable[[Problem], Problem]:
    return lambda problem: _tables(problem, **{table: ()})


def only(table: str, keep: Callable[[Any], bool]) -> Callable[[Problem], Problem]:
    """Only the rows of a table that are kept."""
    return lambda problem: _tables(
        problem, **{table: tuple(row for row in getattr(problem.network, table) if keep(row))}
    )


def exceptions(effect: str) -> Callable[[Problem], Problem]:
    def keep(row: DepartureException) -> bool:
        return row.effect != effect

    return only("exceptions", keep)


def closures(effect: str) -> Callable[[Problem], Problem]:
    def keep(row: Closure) -> bool:
        return row.effect != effect

    return only("closures", keep)


def split(problem: Problem) -> Problem:
    return _batches(lambda b: b if b.all_or_none else replace(b, max_parts=None))(problem)


def all_or_none(problem: Problem) -> Problem:
    return _batches(lambda b: replace(b, all_or_none=False, max_parts=None) if b.all_or_none else b)(problem)


def tariff_dates(problem: Problem) -> Problem:
    """Prices that begin later go, those that end do not end any more."""
    first = only("tariffs", lambda row: row.first_date is None)(problem)
    return rows("tariffs", last_date=None)(first)


def storage_tiers(problem: Problem) -> Problem:
    """Only the first tier of each place, kind and form."""
    firsts: dict[tuple[str, str], StorageTier] = {}
    for row in sorted(problem.network.storage, key=lambda row: row.from_min):
        firsts.setdefault((row.place_or_kind, row.form), row)
    return _tables(problem, storage=tuple(row for row in problem.network.storage if row in firsts.values()))


def kept(problem: Problem) -> Problem:
    return replace(problem, kept={})


def _tables(problem: Problem, **tables: Any) -> Problem:
    return replace(problem, network=replace(problem.network, **tables))
