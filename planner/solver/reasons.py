"""Why vehicles are left out: the first rule that fails, in facts of the batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.clock import days, from_minutes
from planner.model.plans import Unplanned
from planner.model.problem import Problem
from planner.network.timetable import Ints, Timetable, build_timetable
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.delivery import SCALE, Weights
from planner.solver.kernel import INFINITE
from planner.solver.pricing import Pricer
from planner.units import MINUTES_PER_DAY, ceil_div

LOOK_AHEAD_DAYS = 366
"""How far past ready an itinerary is looked for before a batch is said to have no route."""


def explain_unplanned(
    problem: Problem, timetable: Timetable, pricer: Pricer, choice: Choice, weights: Weights
) -> dict[int, Unplanned]:
    """Reason of every batch that leaves vehicles out, by batch number."""
    left_out = [number for number in range(len(problem.batches)) if choice.left_out(number)]
    room = timetable.arrays["leg_capacity"].copy()
    for number in range(len(problem.batches)):
        choice.add_load(room, number, -1)
    reasons: dict[int, Unplanned] = {}
    untimely = []
    for number in left_out:
        best = _best_alone(pricer, number, choice.left_out(number), weights)
        if best is None:
            untimely.append(number)
            continue
        cost, size, column = best
        penalty = problem.terms.unplanned_cost(problem.batches[number])
        if cost >= penalty * size * SCALE:
            reason, facts = "too_dear", _dear_facts(problem, column, size, penalty)
        else:
            reason, facts = "no_room", _room_facts(timetable, column, room)
        reasons[number] = Unplanned(vehicles=choice.left_out(number), reason=reason, facts=facts)
    reasons.update(_explain_untimely(problem, untimely, choice))
    return reasons


def _best_alone(
    pricer: Pricer, batch: int, vehicles: int, weights: Weights
) -> tuple[int, int, Column] | None:
    """Cheapest group per vehicle in the empty network: its scaled cost, size and itinerary."""
    source = pricer.source_of(batch)
    best: tuple[int, int, Column] | None = None
    for size in range(1, min(vehicles, source.vehicles_per_feu) + 1):
        prices = pricer.sweep(source, size, weights)
        cost = pricer.cheapest(batch, size, weights)
        if cost < INFINITE and (best is None or cost * best[1] < best[0] * size):
            found, _ = pricer.recover(batch, size, weights, prices, int(INFINITE) - 1)
            if found:
                best = (found[0][0], size, found[0][1])
    return best


def _dear_facts(problem: Problem, column: Column, size: int, penalty: int) -> str:
    unit = problem.terms.currency
    if problem.terms.objective != "cost":
        return (
            f"the fastest itinerary takes {days(column.minutes):.1f} days, leaving out counts "
            f"{days(penalty):.1f} days"
        )
    cents = column.vehicle_cents + column.box_cents / size
    return (
        f"the cheapest itinerary costs {cents / 100:,.2f} {unit} a vehicle, leaving out costs "
        f"{penalty / 100:,.2f} {unit}"
    )


def _room_facts(timetable: Timetable, column: Column, room: Ints) -> str:
    capacity = timetable.arrays["leg_capacity"]
    needs = [*column.loose_units, *((leg, 1) for leg in column.box_legs)]
    full = [leg for leg, units in needs if room[leg] < units]
    for leg in full:
        number = timetable.leg_departure[leg]
        departure = timetable.departures[number]
        call = leg - timetable.departure_first_leg[number]
        calls = departure.service.calls
        unit = departure.service.capacity_unit
        scale = 100 if unit in ("ceu", "cbm") else 1
        taken = (capacity[leg] - room[leg]) / scale
        return (
            f"{departure.service.id} of {departure.day} has no room from {calls[call].place} to "
            f"{calls[call + 1].place}: {taken:g} of {capacity[leg] / scale:g} {unit} are taken"
            + (f", and {len(full) - 1} more legs of its cheapest itinerary" if len(full) > 1 else "")
        )
    return "what room is left holds only dearer itineraries than leaving out"


def _explain_untimely(problem: Problem, batches: Sequence[int], choice: Choice) -> dict[int, Unplanned]:
    """``too_late`` or ``no_route``: look for the earliest itinerary with no due date, whatever the room."""
    reasons: dict[int, Unplanned] = {}
    for number in batches:
        batch = problem.batches[number]
        patient = replace(
            batch,
            due_min=batch.ready_min + LOOK_AHEAD_DAYS * MINUTES_PER_DAY,
            late_price=None,
        )
        alone = replace(problem, batches=(patient,))
        first_form = problem.vehicle_type_of(batch).first_form
        timetable = build_timetable(
            problem.network, [(batch.origin, first_form)], patient.ready_min, patient.due_min
        )
        pricer = Pricer(alone, timetable)
        fastest = Weights(cents=0, minutes=SCALE)
        prices = pricer.sweep(pricer.sources[0], 1, fastest)
        found, _ = pricer.recover(0, 1, fastest, prices, int(INFINITE) - 1)
        vehicles = choice.left_out(number)
        if not found:
            facts = (
                f"no service or road leads {batch.vehicle_type} from {batch.origin} to {batch.destination}"
            )
            reasons[number] = Unplanned(vehicles=vehicles, reason="no_route", facts=facts)
            continue
        earliest = batch.ready_min + found[0][1].minutes
        latest = problem.terms.latest_delivery_min(batch)
        zone = problem.network.places[batch.destination].time_zone
        facts = (
            f"earliest possible delivery is {from_minutes(earliest, zone):%Y-%m-%d %H:%M}, latest allowed "
            f"{from_minutes(latest, zone):%Y-%m-%d %H:%M}: "
            f"{ceil_div(earliest - latest, MINUTES_PER_DAY)} days short"
        )
        reasons[number] = Unplanned(vehicles=vehicles, reason="too_late", facts=facts)
    return reasons
