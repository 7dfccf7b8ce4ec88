"""The end of an itinerary: from the last arrival to Delivered, with what depends on when that is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from planner.model.batches import Batch
from planner.model.problem import BLEND, Problem
from planner.model.services import DELIVERY, ORIGIN
from planner.model.vehicles import BOXED
from planner.network.timetable import Ints, Timetable
from planner.network.type_fares import round_multiples
from planner.solver.kernel import weighted
from planner.units import DAYS_PER_YEAR, MINUTES_PER_DAY, round_half_up

SCALE = 1_000_000
"""Kernel costs are millionths of a cent (or of a minute): duals are rounded to these, sums stay exact."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a cent, a vehicle-minute, a gram, and a cent that only ``blend`` counts weigh, in millionths."""

    cents: int
    minutes: int
    grams: int = 0
    blend: int = 0


@dataclass(frozen=True, slots=True)
class Ends:
    """Arrivals from which a batch can be delivered in time; entries of equal number belong together.

    arrival, state, vehicle_cents, box_cents, minutes, vehicle_blend : int64[n]
    """

    arrival: Ints
    state: Ints
    vehicle_cents: Ints
    box_cents: Ints
    minutes: Ints
    vehicle_blend: Ints

    def group_costs(self, vehicles: int, weights: Weights) -> Ints:
        """Price of a group from arrival to Delivered, carrying and lateness included."""
        cents = self.vehicle_cents * vehicles + self.box_cents
        total = weighted(cents, weights.cents) + weighted(self.minutes, vehicles * weights.minutes)
        return total + weighted(self.vehicle_blend, vehicles * weights.blend)


def find_ends(
    problem: Problem, timetable: Timetable, batch: Batch, slot_after_min: Ints, required_mark: int
) -> Ends:
    """Arrivals at a batch's destination that can be delivered in time, priced to Delivered.

    Parameters
    ----------
    slot_after_min
        Minutes that charges add to the handling of what arrives in a slot, int64[slots].
    required_mark
        Marks that the itinerary must have met on its way; 0 = none.
    """
    first_form = problem.vehicle_type_of(batch).first_form
    latest = problem.terms.latest_delivery_min(batch)
    parts = [np.zeros((6, 0), dtype=np.int64)]
    for slot, (place, mode, form, _) in enumerate(timetable.slots):
        if place != batch.destination or mode == ORIGIN:
            continue
        handling = timetable.handling.find(place, mode, DELIVERY, form, first_form)
        if handling is None:
            continue
        arrivals = timetable.slot_arrivals[slot]
        free_min = timetable.arrays["arrival_min"][arrivals]
        handled_min = free_min + handling.handling_min + slot_after_min[slot]
        in_time = (free_min >= batch.ready_min) & (handled_min <= latest)
        arrivals, delivered = arrivals[in_time], handled_min[in_time]
        cents = round_half_up(handling.price)
        per_vehicle, per_box = (0, cents) if handling.per == "feu" else (cents, 0)
        vehicle_cents = per_vehicle + delivered_cents(problem, batch, delivered)
        for state in (1,) if form == BOXED else (0, 2):
            marked = np.full_like(arrivals, state + 3 * required_mark)
            box_cents = np.full_like(arrivals, per_box)
            minutes = delivered - batch.ready_min
            blend = day_value_cents(problem, minutes)
            parts.append(np.stack([arrivals, marked, vehicle_cents, box_cents, minutes, blend]))
    return Ends(*np.concatenate(parts, axis=1))


def day_value_cents(problem: Problem, minutes: Ints) -> Ints:
    """Cents that the days of one vehicle count under ``blend``; 0 under other objectives."""
    if problem.terms.objective != BLEND:
        return np.zeros_like(minutes)
    return round_multiples(problem.terms.day_value / MINUTES_PER_DAY, minutes)


def delivered_cents(problem: Problem, batch: Batch, delivered: Ints) -> Ints:
    """Carrying, earliness and lateness of one vehicle by time of delivery, each rounded once."""
    yearly = problem.value_cents(batch) * problem.terms.carrying_rate
    cents = round_multiples(yearly / (DAYS_PER_YEAR * MINUTES_PER_DAY), delivered - batch.ready_min)
    late = np.maximum(delivered - batch.due_min, 0)
    cents += round_multiples((batch.late_price or Fraction(0)) / MINUTES_PER_DAY, late)
    early = np.maximum(batch.due_min - delivered, 0)
    return cents + round_multiples(batch.early_price / MINUTES_PER_DAY, early)
