"""The joint plan at one price after another: who goes how at each, and where the train loses the lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from planner.costing import Costing
from planner.figures import main_ride
from planner.model.plans import Plan
from planner.model.problem import BLEND, Problem
from planner.model.results import Progress, SolveOptions
from planner.model.services import ROAD
from planner.model.studies import Flip
from planner.model.sweeps import DAY_VALUE, OBJECTIVES, RAIL_PRICE, RAIL_SUBSIDY, Curve, Point, Sweep
from planner.network.timetable import Timetable
from planner.solve import Found, find_best, write_plan
from planner.solver.baseline import find_baselines
from planner.solver.bench import Bench
from planner.solver.choice import Choice
from planner.solver.parts import make_valid
from planner.solver.reasons import explain_unplanned
from planner.talk import Talk
from planner.what_if import export_trains, is_export_ride, with_rail_price

CENTS_OF_UNIT = 100


class Replanner:
    """Plans the same batches at other prices, from what was found before.

    Parameters
    ----------
    found
        The plan at today's prices.
    """

    def __init__(
        self,
        found: Found,
        options: SolveOptions,
        progress: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool],
    ) -> None:
        self._today = found.bench.problem
        self._last = found
        self._options = replace(options, slot_values=0, remedies=0)
        self._progress = progress
        self._should_stop = should_stop
        self._trains = export_trains(self._today)
        self._baselines = find_baselines(self._today, found.bench.timetable)

    def curve(self, sweep: Sweep) -> Curve:
        """Plan at every amount of a sweep; once stopped, the points so far."""
        points = []
        for amount in sweep.amounts:
            if self._should_stop():
                break
            points.append(self.point(sweep.kind, amount))
        return Curve(kind=sweep.kind, points=tuple(points))

    def point(self, kind: str, amount: Fraction) -> Point:
        """Plan at one amount."""
        problem = problem_at(self._today, kind, amount)
        bench = self._bench(problem)
        columns = dict.fromkeys(
            bench.pricer.column(column.batch, column.arcs) for column, _ in self._last.relaxation.groups
        )
        first = self._repriced(bench)
        # Of each plan its own: a bound of another price proves nothing.
        talk = Talk(self._progress, self._should_stop, f"{kind} {amount / CENTS_OF_UNIT}: ")
        found = find_best(bench, first, [*columns, *first.columns()], self._options, talk)
        (unplanned,) = explain_unplanned([(bench, found.whole.choice)])
        plan = write_plan(found, unplanned, self._baselines, self._options, talk).plan
        self._last = found
        return self._point(problem, plan, amount)

    def _bench(self, problem: Problem) -> Bench:
        return Bench.over(problem, repriced(self._last.bench.timetable, problem))

    def _repriced(self, bench: Bench) -> Choice:
        """The choice before, at the new prices."""
        rides = [
            {bench.pricer.column(batch, column.arcs): vehicles for column, vehicles in of_batch.items()}
            for batch, of_batch in enumerate(self._last.whole.choice.rides)
        ]
        return make_valid(Choice(bench.problem, rides), bench.parts, bench.room)

    def _point(self, problem: Problem, plan: Plan, amount: Fraction) -> Point:
        costing = Costing(problem)
        by_mode: dict[str, int] = {}
        by_train = 0
        for entry in plan.batches:
            for one in entry.itineraries:
                longest = main_ride(costing, one.chain)
                mode = ROAD if longest is None else longest.mode
                by_mode[mode] = by_mode.get(mode, 0) + one.vehicles
                if any(
                    ride.service_id in self._trains
                    and is_export_ride(problem, ride.from_place, ride.to_place)
                    for ride in one.chain
                ):
                    by_train += one.vehicles
        return Point(
            amount=amount,
            planned=sum(by_mode.values()),
            cents=plan.cents,
            vehicle_min=plan.vehicle_min,
            grams=plan.grams,
            by_train=by_train,
            vehicles_by_mode=dict(sorted(by_mode.items())),
            value=plan.value,
            gap=plan.gap,
        )


def problem_at(problem: Problem, kind: str, amount: Fraction) -> Problem:
    """The problem with an amount of a kind.

    Raises
    ------
    ValueError
        If the objective counts no money, or the kind is not known.
    """
    if problem.terms.objective not in OBJECTIVES:
        raise ValueError(f"{problem.terms.objective} counts no money")
    if kind == DAY_VALUE:
        return replace(problem, terms=replace(problem.terms, objective=BLEND, day_value=amount))
    if kind == RAIL_PRICE:
        return with_rail_price(problem, lambda _: amount)
    if kind == RAIL_SUBSIDY:
        return with_rail_price(problem, lambda price: price - amount)
    raise ValueError(f"{kind} is no sweep")


def repriced(timetable: Timetable, problem: Problem) -> Timetable:
    """The same departures at the tariffs of a problem whose rows are in the same order."""
    rows = zip(timetable.network.tariffs, problem.network.tariffs, strict=True)
    new = {id(old): row for old, row in rows}
    pairs = [replace(pair, tariffs=tuple(new[id(row)] for row in pair.tariffs)) for pair in timetable.pairs]
    return replace(timetable, network=problem.network, pairs=pairs)


def find_flip(
    replanner: Replanner,
    kind: str,
    low: Fraction,
    high: Fraction,
    enough: Fraction,
    should_stop: Callable[[], bool],
) -> Flip:
    """Plans around the amount at which the train gains or loses the lead, no farther apart than enough.

    Amounts are whole currency units. Once stopped, they are as near as they came.
    """
    one, other = replanner.point(kind, low), replanner.point(kind, high)
    if one.is_led_by_train == other.is_led_by_train:
        return Flip(kind=kind, below=None, above=None, leads=one.is_led_by_train)
    while other.amount - one.amount > max(enough, Fraction(CENTS_OF_UNIT)) and not should_stop():
        middle = replanner.point(
            kind, Fraction((one.amount + other.amount) // (2 * CENTS_OF_UNIT) * CENTS_OF_UNIT)
        )
        if middle.is_led_by_train == one.is_led_by_train:
            one = middle
        else:
            other = middle
    return Flip(kind=kind, below=one, above=other)
