"""How rules are added to a random world: a world, its own chance, and the tables that change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planner.model import Batch, Problem, Service

T = TypeVar("T")
HOUR = 60


@dataclass
class Draw:
    """A world that is being changed."""

    problem: Problem
    rng: Random
    start: date

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def usd(self, low: int, high: int) -> Fraction:
        """A price in cents as it comes out of a currency conversion: seldom whole."""
        cents = self.rng.randrange(low * 100, high * 100 + 1)
        return Fraction(cents) if self.chance(0.6) else Fraction(cents * 100, self.rng.choice((93, 107, 718)))

    def hours(self, low: int, high: int, step: int = 1) -> int:
        return HOUR * self.rng.randrange(low, high + 1, step)

    def day(self, first: int, last: int) -> date:
        """A day so many days after the first of the world."""
        return self.start + timedelta(days=self.rng.randint(first, last))

    def some(self, rows: Iterable[T], share: float) -> list[T]:
        """Each row with a chance, at least one if there is any."""
        pool = list(rows)
        chosen = [row for row in pool if self.chance(share)]
        return chosen or ([self.rng.choice(pool)] if pool else [])

    @property
    def services(self) -> list[Service]:
        """Services that may be in a plan."""
        return [service for service in self.problem.network.services.values() if service.bookable]

    def set_tables(self, **tables: Any) -> None:
        self.problem = replace(self.problem, network=replace(self.problem.network, **tables))

    def add_rows(self, table: str, rows: Iterable[object]) -> None:
        self.set_tables(**{table: (*getattr(self.problem.network, table), *rows)})

    def set_terms(self, **terms: Any) -> None:
        self.problem = replace(self.problem, terms=replace(self.problem.terms, **terms))

    def change_services(self, services: Iterable[Service], change: Callable[[Service], Service]) -> None:
        changed = {service.id: change(service) for service in services}
        self.set_tables(services={**self.problem.network.services, **changed})

    def change_batches(self, batches: Iterable[Batch], change: Callable[[Batch], Batch]) -> None:
        changed = {batch.id: change(batch) for batch in batches}
        rows = tuple(changed.get(batch.id, batch) for batch in self.problem.batches)
        self.problem = replace(self.problem, batches=rows)
