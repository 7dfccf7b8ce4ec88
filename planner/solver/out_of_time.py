"""Why batches have no itinerary in time: rules are dropped, one after another, until one is found."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from planner.clock import from_minutes
from planner.model.batches import Batch
from planner.model.problem import Network, Problem
from planner.model.services import CANCELLED
from planner.model.vehicles import FORMS
from planner.network.fares import FareBook
from planner.network.lay_out import build_timetable, timetable_of
from planner.network.ways import Ways
from planner.solver.delivery import SCALE, Weights
from planner.solver.kernel import INFINITE
from planner.solver.laid import Laid
from planner.solver.pricing import Pricer
from planner.solver.ticks import Tick, no_tick
from planner.units import MINUTES_PER_DAY, ceil_div

LOOK_AHEAD_DAYS = (45, 122, 366)
"""How far past ready an itinerary is looked for before a batch is said to have none: first near, then far."""
READY_DAYS = 62
"""Ready times of so many days are asked over one timetable, where questions are asked one by one."""
MOST_KEPT = 3
"""Such timetables that are kept; those that look farthest never are: they are asked for seldom."""
MOST_CLASSES = 200
"""Classes of cargo kept with them."""
FASTEST = Weights(cents=0, minutes=SCALE)


class Seen(NamedTuple):
    """What another search says of the earliest delivery of one vehicle, whatever room and due date.

    Parameters
    ----------
    earliest_min
        ``None`` if it finds none.
    until_min
        Where it finds none, there is none until then.
    """

    earliest_min: int | None
    until_min: int


Look = Callable[[Batch], Seen]


class _Step(NamedTuple):
    """Reason, world and batch with ever more rules dropped, and what was dropped in words."""

    reason: str
    world: _World
    free: Callable[[Batch], Batch]
    without: str


class OutOfTime:
    """Looks for the first rule that keeps batches from being delivered in time, each alone, whatever room.

    Parameters
    ----------
    problem
        Tables and terms; its batches do not count.
    one_by_one
        Batches are asked about one at a time, again and again: what was worked out for one is kept for others
        that are ready about the same time.
    tick
        Called between searches; what it raises ends the question, and the next one may be asked.
    """

    def __init__(self, problem: Problem, *, one_by_one: bool = False, tick: Tick = no_tick) -> None:
        self._problem = problem
        self._kept = _Kept(tick) if one_by_one else None
        self._steps: list[_Step] = []

    def reasons(self, batches: Sequence[Batch], look: Look | None = None) -> list[tuple[str, str]]:
        """Reason and facts of each batch; all that still wait are asked over one timetable.

        Parameters
        ----------
        look
            Asked first, where no rule is dropped.
        """
        self._steps = self._steps or list(_steps(self._problem, self._kept))
        reasons: dict[int, tuple[str, str]] = {}
        waiting = list(range(len(batches)))
        asked_before: dict[int, Batch] = {}
        world_before: _World | None = None
        for reason, world, free, without in self._steps:
            asked = {number: free(batches[number]) for number in waiting}
            same = world is world_before
            # where there was no such rule to drop, the answer is the one of the step before
            new = {number: b for number, b in asked.items() if not (same and b == asked_before[number])}
            first_look = look if world_before is None else None
            for number, earliest in world.find_earliest(new, first_look).items():
                facts = _earliest_facts(self._problem, batches[number], earliest, without)
                reasons[number] = reason, facts
            waiting = [number for number in waiting if number not in reasons]
            asked_before, world_before = asked, world
            if not waiting:
                break
        for number in waiting:
            batch = batches[number]
            facts = (
                f"no service or road leads {batch.vehicle_type} from {batch.origin} to {batch.destination}"
            )
            reasons[number] = "no_route", facts
        return [reasons[number] for number in range(len(batches))]


class _World:
    """Tables and terms with some rules dropped."""

    def __init__(self, problem: Problem, kept: _Kept | None) -> None:
        self.problem = problem
        self._kept = kept
        self._ways: Ways | None = None

    def find_earliest(self, asked: Mapping[int, Batch], look: Look | None) -> dict[int, int]:
        """Earliest delivery of one vehicle of each batch alone, whatever room and due date; by its number.

        Batches that nothing leads to their destination are left out.
        """
        found: dict[int, int] = {}
        waiting: dict[Batch, list[int]] = {}
        for number, batch in asked.items():
            if self._leads(batch):
                waiting.setdefault(batch, []).append(number)
        until_min = 0
        if look is not None:
            for batch, numbers in list(waiting.items()):
                seen = look(batch)
                until_min = seen.until_min
                if seen.earliest_min is not None:
                    found.update((number, seen.earliest_min) for number in numbers)
                    del waiting[batch]
        for look_ahead in LOOK_AHEAD_DAYS:
            if not waiting:
                break
            if all(batch.ready_min + look_ahead * MINUTES_PER_DAY <= until_min for batch in waiting):
                continue
            patient = [
                replace(batch, due_min=batch.ready_min + look_ahead * MINUTES_PER_DAY) for batch in waiting
            ]
            pricer = self._pricer(replace(self.problem, batches=tuple(patient), kept={}), look_ahead)
            for place, (batch, numbers) in enumerate(list(waiting.items())):
                prices = pricer.sweep(pricer.source_of(place), 1, FASTEST)
                columns, _ = pricer.recover(place, 1, FASTEST, prices, int(INFINITE) - 1)
                if columns:
                    earliest = batch.ready_min + columns[0][1].minutes
                    found.update((number, earliest) for number in numbers)
                    del waiting[batch]
        return found

    def _leads(self, batch: Batch) -> bool:
        if self._ways is None:
            self._ways = Ways(self.problem)
        return self._ways.lead(batch)

    def _pricer(self, alone: Problem, look_ahead: int) -> Pricer:
        if self._kept is None:
            return Pricer(alone, timetable_of(alone))
        return self._kept.pricer(self, alone, look_ahead)


class _Kept:
    """Pricers of worlds by the days for which their timetable was made; those asked last are kept."""

    def __init__(self, tick: Tick) -> None:
        self._tick = tick
        self._pricers: OrderedDict[tuple[_World, int, int], tuple[FareBook, Pricer]] = OrderedDict()

    def pricer(self, world: _World, alone: Problem, look_ahead: int) -> Pricer:
        """Pricer of a single batch that may be delivered within the look-ahead."""
        self._tick()
        step = READY_DAYS * MINUTES_PER_DAY
        first_min = alone.batches[0].ready_min // step * step
        key = (world, look_ahead, first_min)
        known = self._pricers.pop(key, None)
        if known is None or len(known[0]) > MOST_CLASSES:
            known = _make_pricer(alone, first_min, first_min + step + look_ahead * MINUTES_PER_DAY)
        pricer = known[1].for_batches(alone)
        if look_ahead < max(LOOK_AHEAD_DAYS):
            self._pricers[key] = known
            if len(self._pricers) > MOST_KEPT:
                self._pricers.popitem(last=False)
        return pricer


def _make_pricer(problem: Problem, first_min: int, last_min: int) -> tuple[FareBook, Pricer]:
    terms, network = problem.terms, problem.network
    origins = [(place, form) for place in network.places for form in FORMS]
    table = build_timetable(network, origins, first_min, last_min, times=terms.times, today=terms.today)
    book = FareBook(problem, table)
    return book, Pricer(problem, table, book=book, laid=Laid(table, tell_classes=False))


def out_of_time(problem: Problem) -> list[tuple[str, str]]:
    """Reasons of batches without an itinerary in time, in their order."""
    return OutOfTime(problem).reasons(problem.batches)


def _steps(problem: Problem, kept: _Kept | None) -> Iterator[_Step]:
    def patient(batch: Batch) -> Batch:
        return replace(batch, late_price=None, max_parts=None)

    def free(batch: Batch) -> Batch:
        return replace(patient(batch), modes=(), not_modes=(), needed_modes=(), via=(), not_via=())

    world = _World(problem, kept)
    yield _Step("too_late", world, patient, "")
    if problem.terms.today is not None:
        world = _World(replace(problem, terms=replace(problem.terms, today=None)), kept)
    yield _Step("past_booking", world, patient, f"without looking at {problem.terms.today}")
    opened = _open(problem.network)
    if opened != problem.network:
        world = _World(replace(world.problem, network=opened), kept)
    yield _Step("closed", world, patient, "were everything open and served")
    yield _Step("banned", world, free, "without the bans of the batch")
    anybody = _for_everybody(opened)
    if anybody != opened:
        world = _World(replace(world.problem, network=anybody), kept)
    yield _Step("not_carried", world, free, "if every service took the type and the shipper")


def _earliest_facts(problem: Problem, batch: Batch, earliest: int, without: str) -> str:
    zone = problem.network.places[batch.destination].time_zone
    shown = f"{from_minutes(earliest, zone):%Y-%m-%d %H:%M}"
    if without:
        return f"{without}, the earliest possible delivery would be {shown}"
    latest = problem.terms.latest_delivery_min(batch)
    short = ceil_div(earliest - latest, MINUTES_PER_DAY)
    return (
        f"earliest possible delivery is {shown}, latest allowed {from_minutes(latest, zone):%Y-%m-%d %H:%M}: "
        f"{short} {'day' if short == 1 else 'days'} short"
    )


def _open(network: Network) -> Network:
    """A network in which nothing is shut, cancelled or out of season."""
    services = {
        name: replace(
            service,
            first_date=None,
            last_date=None,
            calendars=tuple(replace(row, first_date=None, last_date=None) for row in service.calendars),
        )
        for name, service in network.services.items()
    }
    kept = tuple(row for row in network.exceptions if row.effect != CANCELLED)
    tariffs = tuple(replace(row, first_date=None, last_date=None) for row in network.tariffs)
    return replace(network, services=services, closures=(), exceptions=kept, tariffs=tariffs)


def _for_everybody(network: Network) -> Network:
    """A network whose services take any shipper, type and size, loose or boxed."""
    services = {
        name: replace(
            service,
            shippers=(),
            accepts_dg=True,
            max_height_mm=None,
            max_length_mm=None,
            max_mass_kg=None,
        )
        for name, service in network.services.items()
    }
    types = {
        name: replace(kind, vehicles_per_feu=max(1, kind.vehicles_per_feu), loose_allowed=True)
        for name, kind in network.vehicle_types.items()
    }
    return replace(network, services=services, vehicle_types=types)
