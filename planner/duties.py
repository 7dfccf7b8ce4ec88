"""Duty that a plan leads to: what is paid to the customs of the destination, beside its cost.

It is on the cargo value of the vehicles. Customs adds what was paid to bring them to the border, so what is
worked out here is the lower end.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.clock import local_date
from planner.units import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from planner.model.batches import Batch
    from planner.model.duties import Duty
    from planner.model.ids import BatchId
    from planner.model.plans import Plan
    from planner.model.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """A duty on vehicles of one batch.

    Parameters
    ----------
    unit_cents
        Whole cents per vehicle: rounded half up once.
    """

    batch_id: BatchId
    duty: Duty
    vehicles: int
    unit_cents: int

    @property
    def cents(self) -> int:
        """Cents of all vehicles of the line."""
        return self.vehicles * self.unit_cents


def list_duties(problem: Problem, plan: Plan) -> Iterator[DutyLine]:
    """Duties on the planned vehicles, by batch and name; none where nothing is known of a duty.

    Vehicles of one batch that pay the same are one line; a duty can begin or end between two deliveries.
    """
    batches = {batch.id: batch for batch in problem.batches}
    for entry in plan.batches:
        batch = batches[entry.batch_id]
        zone = problem.network.places[batch.destination].time_zone
        vehicles: dict[Duty, int] = {}
        for itinerary in entry.itineraries:
            for duty in find_duties(problem, batch, local_date(itinerary.delivered_min, zone)):
                vehicles[duty] = vehicles.get(duty, 0) + itinerary.vehicles
        for duty, number in sorted(vehicles.items(), key=lambda item: item[0].name):
            exact = problem.value_cents(batch) * duty.rate
            if duty.minimum is not None:
                exact = max(exact, duty.minimum)
            unit_cents = round_half_up(exact)
            if unit_cents:
                yield DutyLine(batch_id=batch.id, duty=duty, vehicles=number, unit_cents=unit_cents)


def cents_by_duty(lines: Iterable[DutyLine]) -> dict[str, int]:
    """Cents of all lines by the name of the duty, in the order of the names."""
    cents: Counter[str] = Counter()
    for line in lines:
        cents[line.duty.name] += line.cents
    return dict(sorted(cents.items()))


def find_duties(problem: Problem, batch: Batch, day: date) -> tuple[Duty, ...]:
    """Duties on a vehicle of a batch that is delivered on a local day: at most one of each name."""
    places = problem.network.places
    country = places[batch.destination].country
    code = problem.vehicle_type_of(batch).hs_code
    if not code or country == places[batch.origin].country:
        return ()
    holding: dict[str, Duty] = {}
    for duty in problem.network.duties:
        if (
            country in duty.countries
            and code.startswith(duty.hs_code)
            and (not duty.shippers or batch.shipper in duty.shippers)
            and (duty.first_date is None or duty.first_date <= day)
            and (duty.last_date is None or day <= duty.last_date)
            and (duty.name not in holding or holding[duty.name].rank < duty.rank)
        ):
            holding[duty.name] = duty
    return tuple(holding.values())
