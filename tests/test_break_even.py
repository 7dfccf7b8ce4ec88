"""Break-even figures: a cent below and a cent above, the choice of the batch is another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import count

from planner.assemble import at_prices_of_today
from planner.break_even import BreakEven, break_evens
from planner.model import Batch, Plan, Problem, ServiceId, SolveOptions, Tariff
from planner.solve import Found, find_best, solve
from planner.solver.bench import Bench
from planner.solver.greedy import Placer, place_all, ready_order
from planner.talk import Talk
from planner.what_if import export_trains
from tests.oracles.enumeration import TooLargeError, optimum
from tests.tiny import tiny
from tests.worlds import random_world

QUICK = SolveOptions(slot_values=0, remedies=0)
MONEY = ("cost", "blend")
FORBIDDING = 10**9
"""Cents a box at which nobody goes by train."""


def found_of(problem: Problem) -> Found:
    bench = Bench.of(at_prices_of_today(problem))
    placer = Placer(bench.problem, bench.pricer, bench.goal, bench.room, bench.parts)
    first = place_all(bench.problem, placer, bench.room, bench.parts, ready_order(bench.problem))
    return find_best(bench, first, first.columns(), QUICK, Talk(None, None))


def all_of(problem: Problem) -> list[BreakEven]:
    return list(break_evens(found_of(problem), QUICK, range(len(problem.batches))))


def others_as_planned(problem: Problem, plan: Plan, number: int) -> Problem:
    """The world in which all but one batch do what the plan says, and those left out are not there."""
    batches, kept = [], {}
    for other, (batch, entry) in enumerate(zip(problem.batches, plan.batches, strict=True)):
        riding = tuple(replace(one, booked=True) for one in entry.itineraries)
        if other == number:
            batches.append(batch)
            if batch.id in problem.kept:
                kept[batch.id] = problem.kept[batch.id]
        elif riding:
            vehicles = sum(one.vehicles for one in riding)
            batches.append(replace(batch, vehicles=vehicles, min_part=min(batch.min_part, vehicles)))
            kept[batch.id] = riding
    return replace(problem, batches=tuple(batches), kept=kept)


class Choice:
    """The choice of one batch as the oracle has it: does any train pay?"""

    def __init__(self, problem: Problem, plan: Plan, number: int) -> None:
        self.trains = export_trains(problem)
        self.homes = {problem.network.places[batch.origin].country for batch in problem.batches}
        self.id = problem.batches[number].id
        self.world = others_as_planned(problem, plan, number)
        self._without: dict[int | None, int] = {}

    def gain(self, *, extra: int = 0, day_value: int | None = None) -> int:
        """How much less the best choice counts than the best without trains; 0 = no train is any better."""
        if day_value not in self._without:
            self._without[day_value] = self._value(FORBIDDING, day_value)
        return self._without[day_value] - self._value(extra, day_value)

    def _value(self, extra: int, day_value: int | None) -> int:
        world = self._dearer(extra)
        if day_value is not None:
            terms = replace(world.terms, objective="blend", day_value=Fraction(day_value))
            world = replace(world, terms=terms)
        return optimum(world).value - self._kept(world)

    def _kept(self, world: Problem) -> int:
        """What kept itineraries count: they pay the surcharge, too."""
        alone = replace(
            world,
            batches=tuple(replace(b, vehicles=self._kept_of(b)) for b in world.batches if self._kept_of(b)),
        )
        return optimum(alone).value if alone.batches else 0

    def _kept_of(self, batch: Batch) -> int:
        return sum(one.vehicles for one in self.world.kept.get(batch.id, ()))

    def _dearer(self, extra: int) -> Problem:
        """The world with a surcharge, or less freight, a box on rides of the trains that leave home."""
        return replace(
            self.world,
            network=replace(
                self.world.network,
                tariffs=(*self.world.network.tariffs, *self._surcharges(Fraction(extra))),
            ),
        )

    def _surcharges(self, extra: Fraction) -> Iterator[Tariff]:
        places = self.world.network.places
        for train in sorted(self.trains):
            calls = self.world.network.services[ServiceId(train)].calls
            ends = {
                (board.place, alight.place)
                for number, board in enumerate(calls)
                for alight in calls[number + 1 :]
                if places[board.place].country in self.homes
                and places[alight.place].country not in self.homes
            }
            for start, end in sorted(ends):
                yield Tariff(
                    service_id=ServiceId(train),
                    from_place=start,
                    to_place=end,
                    charge="surcharge",
                    per="feu",
                    price=extra,
                )


TRAIN_AND_SHIP = """
    place market country=DE
    service rail plant -> market@48 form=boxed price={}
    service roro plant -> market@144 price={}
"""


def one_of(text: str) -> BreakEven:
    (found,) = all_of(tiny(text))
    return found


def test_the_last_box_leaves_the_train_where_its_cars_pay_the_same_by_ship():
    # Three cars by ship pay 1,200, their box pays 600. A fourth, alone in a box, goes by ship all along.
    found = one_of(TRAIN_AND_SHIP.format(600, 400) + "batch 4 car plant -> market due=200")
    assert (found.by_train, found.extra_cents, found.price_cents) == (True, 600, 1_200)
    assert (found.day_value_cents, found.left_out) == (None, 0)
    # At 300 a box it rides, too, up to 400: the last box to leave is the full one.
    last = one_of(TRAIN_AND_SHIP.format(300, 400) + "batch 4 car plant -> market due=200")
    assert (last.by_train, last.extra_cents, last.price_cents) == (True, 900, 1_200)


def test_a_dearer_train_needs_a_subsidy_or_days_that_are_worth_something():
    # Three cars: 2,100 by train in 2 days, 900 by ship in 6: 1,200 cents for 12 vehicle-days.
    found = one_of(TRAIN_AND_SHIP.format(2_100, 300) + "batch 3 car plant -> market due=200")
    assert (found.by_train, found.extra_cents, found.freight_cents) == (False, -1_200, 2_100)
    assert found.day_value_cents == 100


def test_only_a_train_leads_there():
    found = one_of("""
        place market country=DE
        service rail plant -> market@48 form=boxed price=600
        batch 3 car plant -> market due=200
    """)
    assert (found.by_train, found.left_out, found.day_value_cents) == (True, 3, None)
    # Leaving out three cars counts 60,000 dollars.
    assert found.extra_cents == 6_000_000 - 600


def test_a_train_within_the_country_is_not_asked_about():
    found = one_of("""
        service rail plant -> market@48 form=boxed price=600
        service roro plant -> market@144 price=400
        batch 3 car plant -> market due=200
    """)
    assert (found.by_train, found.extra_cents, found.day_value_cents) == (False, None, None)


def test_a_cent_either_side_of_each_figure_the_choice_is_another(num_worlds: Callable[[int], int], seed: int):
    worlds, prices, days = 0, 0, 0
    for number in count(seed):
        if worlds == num_worlds(200):
            break
        problem = random_world(number)
        if problem.terms.objective not in MONEY or not export_trains(problem):
            continue
        try:
            prices_of_world, days_of_world = check_world(problem, f"random_world({number})")
        except TooLargeError:
            continue
        worlds += 1
        prices, days = prices + prices_of_world, days + days_of_world
    assert prices >= worlds // 5
    assert days >= worlds // 40


def least_freight(problem: Problem) -> int:
    """Least freight of a box on any train asked about, at the lowest factor of any day."""
    trains = export_trains(problem)
    factor = min([Fraction(1), *(row.price_factor for row in problem.network.exceptions)])
    prices = [
        row.price * factor
        for row in problem.network.tariffs
        if row.service_id in trains and row.charge == "freight" and row.per == "feu"
    ]
    return int(min(prices, default=Fraction(0)))


def _num_missing(found: BreakEven) -> int:
    return (found.extra_cents is None) + (found.day_value_cents is None)


def check_world(problem: Problem, name: str) -> tuple[int, int]:
    """Check the figures of a batch of a world, of one with both if there is one; how many of each kind."""
    prices = days = 0
    plan = solve(problem, QUICK).plan
    checked = [
        (number, found)
        for number, found in enumerate(all_of(problem))
        # to ban trains would ban what is kept on them
        if found.is_exact
        and found.batch_id not in problem.kept
        # the oracle's freight may fall below nothing, that of the planner does not
        and (found.extra_cents is None or found.extra_cents > -least_freight(problem))
    ]
    for number, found in sorted(checked, key=lambda row: _num_missing(row[1]))[:1]:
        choice, where = Choice(problem, plan, number), f"{name}, batch {number}: {found}"
        assert bool(choice.gain()) <= found.by_train, where
        if found.extra_cents is not None:
            prices += 1
            assert choice.gain(extra=found.extra_cents - 1) > 0, where
            assert choice.gain(extra=found.extra_cents + 1) == 0, where
        if found.day_value_cents is not None:
            days += 1
            below = choice.gain(day_value=found.day_value_cents - 1)
            above = choice.gain(day_value=found.day_value_cents + 1)
            assert (below > 0) == (above == 0), where
    return prices, days
