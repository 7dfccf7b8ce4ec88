"""The rules that random worlds are made of: how each is added, and how a world looks without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

from tests import world_batches, world_kept, world_limits, world_services, world_without
from tests.oracles.enumeration import TooLargeError, best_value, optimum, ways_of, without_parts
from tests.world_draw import Draw

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from planner.model import Problem
    from tests.oracles.ways import Way

OBJECTIVES = ("time", "co2e", "blend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the model.

    Parameters
    ----------
    remove
        Gives the world without the rule; an equal world if it has none.
    add
        Draws the rule into a world; ``None`` = every world is drawn with a chance of it.
    share
        Chance that a world gets it.
    """

    remove: Callable[[Problem], Problem]
    add: Callable[[Draw], None] | None = None
    share: float = 0.5


_ALL = {
    "early_price": Rule(remove=world_without.batches(early_price=Fraction(0))),
    "late_price": Rule(remove=world_without.batches(late_price=None)),
    "unplanned_price": Rule(remove=world_without.batches(unplanned_price=None)),
    "priority": Rule(remove=world_without.batches(priority=0)),
    "dangerous_goods": Rule(remove=world_without.services(accepts_dg=True)),
    "size": Rule(remove=world_without.services(max_height_mm=None, max_length_mm=None, max_mass_kg=None)),
    "shippers": Rule(remove=world_without.services(shippers=())),
    "charges": Rule(remove=world_without.no_rows("charges")),
    "minimum": Rule(remove=world_without.rows("tariffs", minimum=None)),
    "storage_tiers": Rule(remove=world_without.storage_tiers),
    "once": Rule(remove=world_without.rows("storage", once=Fraction(0))),
    "max_dwell": Rule(remove=world_without.rows("storage", max_dwell_min=None)),
    "time": Rule(remove=world_without.objective("time")),
    # charters
    "modules": Rule(
        add=world_services.add_modules,
        remove=world_without.services(module_capacity=None, module_price=Fraction(0)),
    ),
    "departure_price": Rule(
        add=world_services.add_departure_price, remove=world_without.services(departure_price=Fraction(0))
    ),
    "min_load": Rule(add=world_services.add_min_load, remove=world_without.services(min_load=0)),
    # days
    "throughput": Rule(add=world_limits.add_throughput, remove=world_without.no_rows("throughput")),
    "roads_per_day": Rule(
        add=world_limits.add_roads_per_day, remove=world_without.rows("roads", vehicles_per_day=None)
    ),
    "exceptions_added": Rule(
        add=world_services.add_exceptions_added, remove=world_without.exceptions("added")
    ),
    "exceptions_cancelled": Rule(
        add=world_services.add_exceptions_cancelled, remove=world_without.exceptions("cancelled")
    ),
    "exceptions_changed": Rule(
        add=world_services.add_exceptions_changed, remove=world_without.exceptions("changed")
    ),
    "closed": Rule(add=world_limits.add_closed, remove=world_without.closures("closed")),
    "capacity_factor": Rule(
        add=world_limits.add_capacity_factor, remove=world_without.closures("capacity_factor")
    ),
    "extra_h": Rule(add=world_limits.add_extra_h, remove=world_without.closures("extra_h")),
    "allotments": Rule(add=world_services.add_allotments, remove=world_without.no_rows("allotments")),
    "tariff_dates": Rule(add=world_services.add_tariff_dates, remove=world_without.tariff_dates),
    "charge_hours": Rule(
        add=world_limits.add_charge_hours, remove=world_without.rows("charges", handling_min=0)
    ),
    "part_charges": Rule(
        add=world_limits.add_part_charges,
        remove=world_without.only("charges", lambda row: row.per != "part"),
    ),
    # batches
    "split": Rule(add=world_batches.add_split, remove=world_without.split),
    "min_part": Rule(add=world_batches.add_min_part, remove=world_without.batches(min_part=1)),
    "all_or_none": Rule(add=world_batches.add_all_or_none, remove=world_without.all_or_none),
    "not_via": Rule(add=world_batches.add_not_via, remove=world_without.batches(not_via=())),
    "modes": Rule(add=world_batches.add_modes, remove=world_without.batches(modes=())),
    "not_modes": Rule(add=world_batches.add_not_modes, remove=world_without.batches(not_modes=())),
    # terms
    "times": Rule(add=world_services.add_times, remove=world_without.terms(times="typical")),
    "today": Rule(add=world_services.add_today, remove=world_without.terms(today=None)),
    "co2e": Rule(add=world_services.add_co2e, remove=world_without.objective("co2e"), share=0.25),
    "blend": Rule(add=world_services.add_blend, remove=world_without.objective("blend"), share=0.3),
    # last: places to be met, and what is kept, have to be possible in the world as it is
    "via": Rule(add=world_batches.add_via, remove=world_without.batches(via=())),
    "needed_modes": Rule(add=world_batches.add_needed_modes, remove=world_without.batches(needed_modes=())),
    "kept": Rule(add=world_kept.add_kept, remove=world_without.kept),
}

RULES: tuple[str, ...] = tuple(_ALL)
DRAWN: tuple[str, ...] = tuple(name for name, rule in _ALL.items() if rule.add is not None)
"""Rules that a world gets by a coin of their own; the others are drawn with every world."""

NOT_LINEAR = (
    *("modules", "departure_price", "min_load", "part_charges"),
    *("split", "min_part", "all_or_none", "via", "needed_modes", "kept"),
)
"""Rules that flows of vehicles can't say."""


def with_rules(problem: Problem, seed: int, start: date, rules: Collection[str]) -> Problem:
    """World with some of the rules drawn into it, each by its own chance: one does not move the others."""
    draw = Draw(problem=problem, rng=Random(seed), start=start)
    for name in DRAWN:
        draw.rng = Random(f"{name} of {seed}")
        rule = _ALL[name]
        if name in rules and draw.chance(rule.share) and rule.add is not None:
            rule.add(draw)
    return draw.problem


def without(problem: Problem, rule: str) -> Problem:
    """World without one of its rules; the same if it has none.

    What is kept may hang on the rule: take ``kept`` out first.
    """
    return _ALL[rule].remove(problem)


def rules_of(problem: Problem) -> frozenset[str]:
    """Rules that are in a world."""
    return frozenset(name for name in RULES if without(problem, name) != problem)


def telling_rules(problem: Problem, rules: Iterable[str] = RULES) -> list[str]:
    """Rules without which a world has another optimum.

    Objectives are in units of their own: of them the money counts.
    """
    found = []
    free = without(problem, "kept")
    ways = [ways_of(free, batch) for batch in free.batches]
    best = best_value(free, ways)
    for rule in rules:
        full, smaller = (problem, free) if rule == "kept" else (free, without(free, rule))
        if smaller == full:
            continue
        if rule == "kept":
            changes = best_value(problem, ways) != best
        elif rule in OBJECTIVES:
            changes = optimum(free, ways).cents != optimum(smaller, _ways_without(free, ways, smaller)).cents
        else:
            changes = best_value(smaller, _ways_without(free, ways, smaller)) != best
        if changes:
            found.append(rule)
    return found


def _ways_without(
    problem: Problem, ways: Sequence[Sequence[Way]], smaller: Problem
) -> list[Sequence[Way]] | None:
    """Ways of a world without a rule, where its network and terms are still those of the whole world.

    Only the batches that had the rule get other ways, and none by what leaving out costs or how parts count.
    """
    if smaller.network is not problem.network or smaller.terms is not problem.terms:
        return None
    return [
        own if without_parts(batch) == without_parts(other) else ways_of(smaller, batch)
        for batch, other, own in zip(smaller.batches, problem.batches, ways, strict=True)
    ]


def count_telling(problems: Iterable[Problem], enough: int) -> dict[str, int]:
    """Number of worlds whose optimum each rule changes, counted up to ``enough``."""
    counts = dict.fromkeys(RULES, 0)
    for problem in problems:
        open_rules = [rule for rule, count in counts.items() if count < enough]
        if not open_rules:
            break
        try:
            for rule in telling_rules(problem, open_rules):
                counts[rule] += 1
        except TooLargeError:
            continue
    return counts
