"""The 15-day baseline of every batch: its cheapest itinerary with exactly one reference ride.

The batch rides it as one part, so what a part pays once is shared by all its vehicles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import asin, cos, radians, sin, sqrt

from planner.model.places import Place
from planner.model.plans import Baseline
from planner.model.problem import Problem
from planner.network.fares import FareBook
from planner.network.lay_out import timetable_of
from planner.network.timetable import Timetable
from planner.solver.columns import Column
from planner.solver.delivery import SCALE, Weights
from planner.solver.kernel import INFINITE
from planner.solver.laid import Laid
from planner.solver.pricing import Pricer, Source
from planner.units import MINUTES_PER_DAY, round_half_up

EARTH_KM = 6_371.0088
"""Mean radius, IUGG."""
MOST_KM = 1_000
"""Origins farther from the reference terminal have no baseline."""
HORIZON_DAYS = 75
"""A baseline is looked for so long after ready: five times the reference ride."""
MOST_CLASSES = 200
"""Classes of cargo kept between questions, some 150 kB each."""
CHEAPEST_THEN_FASTEST = Weights(cents=20 * SCALE, minutes=1)
"""Of equally cheap itineraries the fastest: all the minutes of a box together weigh less than a cent."""


def find_baselines(problem: Problem, timetable: Timetable | None = None) -> list[Baseline]:
    """Baseline of every batch, due dates and room put aside; with a reason where there is none.

    Parameters
    ----------
    timetable
        One with the same tables and terms, of whatever days: what it knows is not worked out again.
    """

    def make_pricer(alone: Problem) -> Pricer:
        return Pricer(alone, _timetable_for(alone, timetable), with_reference=True)

    return _find(problem, make_pricer)


def _timetable_for(alone: Problem, known: Timetable | None) -> Timetable:
    """The timetable that is known if it holds all days of the batches, else one of its departures."""
    if known is None:
        return timetable_of(alone)
    first_min = min(batch.ready_min for batch in alone.batches)
    last_min = max(alone.terms.latest_delivery_min(batch) for batch in alone.batches)
    if known.first_min <= first_min and last_min <= known.last_min:
        return known
    return timetable_of(alone, known.roll_out)


class Baselines:
    """Baselines of ever other batches over one timetable, with the same tables and terms.

    Parameters
    ----------
    timetable
        One that begins no later than any ready time and holds ``HORIZON_DAYS`` after.
    laid
        What is laid out of it already; searches by others may come between.
    """

    def __init__(self, timetable: Timetable, laid: Laid) -> None:
        self._timetable = timetable
        self._laid = laid
        self._kept: tuple[FareBook, Pricer] | None = None

    def find(self, problem: Problem) -> list[Baseline]:
        """Baseline of every batch; see :func:`find_baselines`."""
        return _find(problem, self._pricer_for)

    def _pricer_for(self, problem: Problem) -> Pricer:
        if self._kept is None or len(self._kept[0]) > MOST_CLASSES:
            book = FareBook(problem, self._timetable, with_reference=True)
            pricer = Pricer(problem, self._timetable, with_reference=True, book=book, laid=self._laid)
            self._kept = book, pricer
            return pricer
        return self._kept[1].for_batches(problem)


def _find(problem: Problem, pricer_for: Callable[[Problem], Pricer]) -> list[Baseline]:
    network = problem.network
    reference = [service for service in network.services.values() if not service.bookable]
    if not problem.batches:
        return []
    if not reference:
        return [Baseline(reason="the network has no reference service") for _ in problem.batches]
    starts = {service.calls[0].place for service in reference}
    answers: list[Baseline | None] = [None] * len(problem.batches)
    asked: list[int] = []
    for number, batch in enumerate(problem.batches):
        vehicle_type = problem.vehicle_type_of(batch)
        origin = network.places[batch.origin]
        if not vehicle_type.vehicles_per_feu:
            answers[number] = Baseline(reason="the type never travels in boxes")
        elif min(great_circle_km(origin, network.places[start]) for start in starts) > MOST_KM:
            answers[number] = Baseline(
                reason=f"the origin is over {MOST_KM:,} km from the reference terminal"
            )
        else:
            asked.append(number)
    patient = tuple(
        replace(
            problem.batches[number],
            due_min=problem.batches[number].ready_min + HORIZON_DAYS * MINUTES_PER_DAY,
            late_price=None,
            early_price=problem.batches[number].early_price * 0,
            modes=(),
            not_modes=(),
            needed_modes=(),
            via=(),
            not_via=(),
        )
        for number in asked
    )
    if patient:
        alone = replace(problem, batches=patient, kept={})
        found = _price(alone, pricer_for(alone))
        for number, baseline in zip(asked, found, strict=True):
            answers[number] = baseline
    return [answer for answer in answers if answer is not None]


def _price(problem: Problem, pricer: Pricer) -> list[Baseline]:
    answers = [Baseline(reason="no reference train leads there")] * len(problem.batches)
    for source in pricer.sources:
        size = source.vehicles_per_feu
        for part_of, batches in _by_part(problem, source).items():
            prices = pricer.sweep(source, size, CHEAPEST_THEN_FASTEST, part_of=part_of)
            for batch in batches:
                found, _ = pricer.recover(batch, size, CHEAPEST_THEN_FASTEST, prices, int(INFINITE) - 1)
                if found:
                    answers[batch] = _baseline(pricer, found[0][1], size, part_of)
    return answers


def _by_part(problem: Problem, source: Source) -> dict[int, list[int]]:
    """Batches of a source by what their one part has in vehicles; 0 where no part pays anything once."""
    batches: dict[int, list[int]] = {}
    for batch in source.batches:
        part_of = problem.batches[batch].vehicles if source.part_of else 0
        batches.setdefault(part_of, []).append(batch)
    return batches


def _baseline(pricer: Pricer, column: Column, size: int, part_of: int) -> Baseline:
    once = Fraction(sum(column.part_prices), part_of) if part_of else 0
    return Baseline(
        rail_min=_reference_min(pricer, column),
        door_min=column.minutes,
        cents=round_half_up(column.vehicle_cents + Fraction(column.box_cents, size) + once),
    )


def _reference_min(pricer: Pricer, column: Column) -> int:
    """Departure to arrival of the reference ride."""
    table = pricer.timetable
    for arc in column.arcs:
        pair = table.pairs[int(table.arrays["arc_pair"][arc])]
        if pair.service is not None and not pair.service.bookable:
            calls = pair.service.calls
            return calls[pair.alight_call].arrive_min - calls[pair.board_call].depart_min
    raise LookupError("a baseline without a reference ride")


def great_circle_km(one: Place, other: Place) -> float:
    """Distance on the sphere by the haversine formula."""
    lat1, lat2 = radians(one.lat), radians(other.lat)
    dlat, dlon = lat2 - lat1, radians(other.lon - one.lon)
    chord = sin(dlat / 2) ** 2 + cos(lat1) * cos(lat2) * sin(dlon / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))
