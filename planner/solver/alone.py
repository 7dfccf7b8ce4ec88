"""One batch planned alone in the room that all others leave, at any price of trains and value of a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from planner.model.batches import Batch
from planner.model.problem import BLEND, Problem
from planner.model.results import SolveOptions
from planner.model.tariffs import FREIGHT
from planner.model.vehicles import VehicleType
from planner.network.fares import CLOSED, FareBook, Fares
from planner.network.rules import applies
from planner.network.timetable import Ints, Pair
from planner.solver.bench import Bench
from planner.solver.bounds import last_box_values
from planner.solver.branching import Branching
from planner.solver.choice import Choice
from planner.solver.columns import RunKey
from planner.solver.delivery import SCALE, day_value_cents
from planner.solver.greedy import Placer
from planner.solver.kernel import CLOSED_LEG
from planner.solver.objectives import goal_of
from planner.solver.parts import PartRules, make_valid
from planner.solver.pricing import Pricer
from planner.solver.relaxation import ColumnGeneration, bound_boxes
from planner.solver.room import Room
from planner.solver.search import Whole, WholeSearch, ceil_scaled, make_whole
from planner.units import round_half_up
from planner.what_if import export_trains, is_export_ride

MOST_LISTED = 500
"""Itineraries listed before departures bought as a whole are branched on: alone, that is sooner done."""
Mask = npt.NDArray[np.bool_]


class OtherFares:
    """Fares of another book with another freight a box on some rides, or with these rides closed.

    Parameters
    ----------
    asked
        Rides asked about, bool[pairs].
    freight
        Cents of freight a box pays on them today, int64[pairs]; it never falls below nothing.
    extra
        Cents a box more, or less; ``None`` = nobody may ride them.
    """

    def __init__(self, book: FareBook, asked: Mask, freight: Ints, extra: int | None) -> None:
        self._book = book
        self._closed = asked if extra is None else np.zeros_like(asked)
        self._extra = np.where(asked, np.maximum(extra or 0, -freight), 0)
        self._found: dict[int, Fares] = {}

    def fares_of(self, batch: Batch) -> Fares:
        """Prices of the class of a batch."""
        fares = self._book.fares_of(batch)
        if id(fares) not in self._found:
            extra = self._extra * (fares.pair_vehicle < CLOSED)
            self._found[id(fares)] = replace(
                fares,
                pair_vehicle=np.where(self._closed, CLOSED, fares.pair_vehicle),
                pair_box=fares.pair_box + extra,
            )
        return self._found[id(fares)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a batch does at best, at one price of the trains and one value of a day.

    Parameters
    ----------
    rest_cents
        What counts of it at today's prices, the value of its days left out; leaving out and what departures
        bought as a whole cost are in it, so only differences of answers of one batch mean anything.
    day_cents
        What its days count.
    extra_cents
        What its boxes on the trains pay beyond today's prices.
    planned
        Vehicles that ride.
    vehicle_min
        Vehicle-minutes from ready to Delivered.
    boxes
        Boxes on the trains asked about; a box counts on each of them.
    freight_cents
        Freight of these boxes at today's prices.
    is_proven
        Whether nothing better exists.
    """

    rest_cents: int
    day_cents: int
    extra_cents: int
    planned: int
    vehicle_min: int
    boxes: int
    freight_cents: int
    is_proven: bool

    @property
    def value(self) -> int:
        """What counts at today's prices."""
        return self.rest_cents + self.day_cents

    @property
    def dear_value(self) -> int:
        """What counts at the prices asked about."""
        return self.value + self.extra_cents


class Alone:
    """A batch of a plan, planned again and again with everybody else left as planned.

    Parameters
    ----------
    bench, choice
        All batches, and the plan.
    batch
        Number of the batch.
    asked_pairs
        Rides whose price is asked about, bool[pairs].
    """

    def __init__(
        self,
        bench: Bench,
        choice: Choice,
        batch: int,
        asked_pairs: Mask,
        options: SolveOptions,
    ) -> None:
        item = bench.problem.batches[batch]
        others = bench.room.kept_load.copy()
        for other in range(len(choice.rides)):
            if other != batch:
                choice.add_load(others, other)
        kept = {item.id: bench.problem.kept[item.id]} if item.id in bench.problem.kept else {}
        self._bench = bench
        self._problem = replace(bench.problem, batches=(item,), kept=kept)
        self._room = Room(self._problem, bench.timetable, others)
        self._asked_pairs = asked_pairs
        vehicle_type = bench.problem.vehicle_type_of(item)
        self._freight = np.zeros(len(asked_pairs), dtype=np.int64)
        for pair in np.flatnonzero(asked_pairs):
            self._freight[pair] = freight_of_box(bench.timetable.pairs[pair], vehicle_type)
        self._options = options

    def ask(self, *, extra: int = 0, day_value: Fraction | None = None) -> Answer:
        """Best choice with ``extra`` cents more a box on the trains.

        Parameters
        ----------
        day_value
            Cents of a vehicle-day; ``None`` = as the terms have it.
        """
        return self._best(self._at(day_value), extra)

    def most_freight(self) -> int:
        """Highest freight of a box on any of the trains, cents."""
        return int(self._freight.max(initial=0))

    def ask_without_trains(self, *, day_value: Fraction | None = None) -> Answer:
        """Best choice that rides none of the trains where it would pay for them."""
        return self._best(self._at(day_value), None)

    def _at(self, day_value: Fraction | None) -> Problem:
        problem = self._problem
        if day_value is None:
            return problem
        return replace(problem, terms=replace(problem.terms, objective=BLEND, day_value=day_value))

    def _best(self, problem: Problem, extra: int | None) -> Answer:
        book = OtherFares(self._bench.book, self._asked_pairs, self._freight, extra)
        table, room = self._bench.timetable, self._room
        bench = Bench(
            problem=problem,
            timetable=table,
            book=self._bench.book,
            pricer=Pricer(problem, table, book=book, laid=self._bench.pricer.laid),
            room=room,
            parts=PartRules(problem, table),
            goal=goal_of(problem),
        )
        placer = Placer(problem, bench.pricer, bench.goal, room, bench.parts)
        first = Choice(problem)
        placer.place(first, 0, room.capacity.copy(), problem.open_vehicles(problem.batches[0]))
        first = make_valid(first, bench.parts, room)
        if first.value_under(bench.goal, room) * SCALE <= _least_alone(bench):
            return self._answer(bench, Whole(first, is_proven=True))
        return self._answer(bench, self._search(bench, first))

    def _search(self, bench: Bench, first: Choice) -> Whole:
        problem, pricer, goal, room, parts = bench.problem, bench.pricer, bench.goal, bench.room, bench.parts
        search = WholeSearch(
            problem,
            pricer,
            goal,
            room,
            parts,
            self._options,
            should_stop=_never,
            confirm=False,
            most_listed=MOST_LISTED,
        )
        generation = ColumnGeneration(
            problem, pricer, goal, room, first.columns(), self._options, on_round=_ignore, should_stop=_never
        )
        relaxation = generation.run()
        bound = bound_boxes(problem, pricer, goal, room, relaxation.row_prices)
        whole = make_whole(search, relaxation, bound, first, on_plan=lambda _: None, should_stop=_never)
        if not whole.is_proven and relaxation.relaxed is not None:
            columns = [column for column, _ in relaxation.groups]
            branching = Branching(
                problem,
                pricer,
                goal,
                room,
                parts,
                self._options,
                columns=columns,
                should_stop=_never,
                confirm=False,
                most_listed=MOST_LISTED,
            )
            proved = ceil_scaled(max(relaxation.box_bound, Fraction(bound.value)))
            branching.improve(whole, proved, relaxation.relaxed.modules)
        return whole

    def _answer(self, bench: Bench, whole: Whole) -> Answer:
        choice, (item,) = whole.choice, bench.problem.batches
        arc_pair = bench.timetable.arrays["arc_pair"]
        pairs_of: dict[RunKey, list[int]] = {}
        for column in choice.rides[0]:
            if column.run is not None:
                pairs = [int(arc_pair[arc]) for arc in column.arcs]
                pairs_of[column.run] = [pair for pair in pairs if self._asked_pairs[pair]]
        boxes_of = choice.boxes(0)
        paid = [(boxes_of[run], pair) for run, pairs in pairs_of.items() for pair in pairs]
        dear, today = bench.pricer.fares[0].pair_box, bench.book.fares_of(item).pair_box
        extra = sum(boxes * int(dear[pair] - today[pair]) for boxes, pair in paid)
        minutes = [(vehicles, column.minutes) for column, vehicles in choice.rides[0].items()]
        days = day_value_cents(bench.problem, np.array([each for _, each in minutes], dtype=np.int64))
        day_cents = sum(vehicles * int(cents) for (vehicles, _), cents in zip(minutes, days, strict=True))
        return Answer(
            rest_cents=choice.value_under(bench.goal, self._room) - extra - day_cents,
            day_cents=day_cents,
            extra_cents=extra,
            planned=sum(choice.rides[0].values()),
            vehicle_min=sum(vehicles * each for vehicles, each in minutes),
            boxes=sum(boxes for boxes, _ in paid),
            freight_cents=sum(boxes * int(self._freight[pair]) for boxes, pair in paid),
            is_proven=whole.is_proven,
        )


def _least_alone(bench: Bench) -> int:
    """Scaled bound for a single batch: each group on the cheapest itinerary that has room for it.

    A group that does not fit a row alone rides nothing of that row; what groups take from each other is not
    counted. A departure bought as a whole that nobody else rides costs each unit no less than its share if
    all of the batch rode it, and is closed where even that is not its least load.
    """
    pricer, room, goal = bench.pricer, bench.room, bench.goal
    (item,) = bench.problem.batches
    vehicle_type, source = bench.problem.vehicle_type_of(item), pricer.source_of(0)
    quantity = bench.problem.open_vehicles(item)
    prices = np.zeros(len(room.capacity), dtype=np.int64)
    most = room.needed(vehicle_type, 1) * quantity  # each vehicle may have a box of its own
    for charter in room.charters:
        legs = list(charter.legs)
        units = int(most[legs].max())
        if room.kept_load[charter.boarded_row] or not units:
            continue
        if units < charter.min_load:
            prices[legs] = CLOSED_LEG
        elif goal.counts_money:
            share = charter.departure_cents * SCALE // units + charter.module_cents * SCALE // max(
                charter.step
            )
            prices[legs] = share // len(legs)
    groups = []
    for size in range(1, source.vehicles_per_feu + 1):
        rows = np.where(room.needed(vehicle_type, size) > room.capacity, CLOSED_LEG, prices)
        pricer.sweep(source, size, goal.weights(0), pricer.row_prices(rows), part_of=source.part_of)
        groups.append(pricer.cheapest(0, size, goal.weights(0)))
    total = last_box_values(quantity, goal.scaled_penalty(0, 0), groups)[-1]
    return total + (room.sunk_cents * SCALE if goal.counts_money else 0)


def export_pairs(problem: Problem, pairs: list[Pair]) -> Mask:
    """Rides of the trains out of the countries where batches start, bool[pairs]."""
    trains = export_trains(problem)

    def is_export(pair: Pair) -> bool:
        asked = pair.service is not None and pair.service.id in trains
        return asked and is_export_ride(problem, *pair.ends)

    return np.array([is_export(pair) for pair in pairs], dtype=np.bool_)


def freight_of_box(pair: Pair, vehicle_type: VehicleType) -> int:
    """Cents of freight that a box pays on a ride."""
    return sum(
        round_half_up(row.price * pair.price_factor)
        for row in pair.tariffs
        if row.charge == FREIGHT and row.per == "feu" and applies(row.applies_to, vehicle_type)
    )


def _never() -> bool:
    return False


def _ignore(_number: int, _bound: Fraction) -> None:
    return None
