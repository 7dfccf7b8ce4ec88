"""Batches and itineraries as the data of a report: numbers for names, moments as minutes.

What the plan document has worked out is taken from it. A moment is minutes since 1970-01-01T00:00Z and the
offset of the local clock in minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.clock import EPOCH_DAY, from_minutes
from planner.costing import Costing
from planner.figures import main_ride
from planner.model.plans import PER_BOX, PER_PART, PER_VEHICLE, STAGE_KINDS
from planner.model.services import ROAD
from planner.model.vehicles import BOXED
from planner.render.by_itinerary import sums_by_itinerary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.model.batches import Batch
    from planner.model.ids import PlaceId
    from planner.model.plans import BatchPlan, Itinerary, Plan
    from planner.model.problem import Problem
    from planner.render.by_itinerary import ItinerarySum
    from planner.render.report_lists import ReportLists

Json = dict[str, Any]

PER = (PER_VEHICLE, PER_BOX, PER_PART)
_SECONDS = 60


def report_batches(
    problem: Problem,
    plan: Plan,
    document: Mapping[str, Any],
    ways: tuple[tuple[tuple[int, ...], ...], ...],
    lists: ReportLists,
) -> list[Json]:
    """Batches in the order of the plan.

    Parameters
    ----------
    ways
        Numbers of flows: see :class:`planner.render.flows.Flows`.
    """
    batches = {batch.id: batch for batch in problem.batches}
    written = _Batches(problem, lists)
    return [
        written.batch(batches[entry.batch_id], entry, said, own)
        for entry, said, own in zip(plan.batches, document["plan"]["batches"], ways, strict=True)
    ]


class _Batches:
    def __init__(self, problem: Problem, lists: ReportLists) -> None:
        self._problem = problem
        self._lists = lists
        self._costing = Costing(problem)
        self._offsets: dict[tuple[int, str], int] = {}

    def batch(
        self, batch: Batch, entry: BatchPlan, said: Mapping[str, Any], ways: tuple[tuple[int, ...], ...]
    ) -> Json:
        place = self._lists.places.number
        rides = zip(entry.itineraries, said["itineraries"], sums_by_itinerary(entry), ways, strict=True)
        return {
            "id": batch.id,
            "reference": batch.reference,
            "shipper": batch.shipper,
            "type": self._lists.types.number(batch.vehicle_type),
            "origin": place(batch.origin),
            "destination": place(batch.destination),
            "vehicles": batch.vehicles,
            "planned": said["plannedVehicles"],
            "ready": self._moment(batch.ready_min, batch.origin),
            "due": self._moment(batch.due_min, batch.destination),
            "hard": batch.late_price is None,
            "cents": said["cents"],
            "grams": said["grams"],
            "baseline": said["baseline"],
            "shares": [[share["kind"], share["serviceId"], share["cents"]] for share in said["shares"]],
            "unplanned": said["unplanned"],
            "ways": [self._way(*ride) for ride in rides],
        }

    def _way(
        self, itinerary: Itinerary, said: Mapping[str, Any], own: ItinerarySum, flows: tuple[int, ...]
    ) -> Json:
        longest = main_ride(self._costing, itinerary.chain)
        number = self._lists.labels.number
        return {
            "part": itinerary.part,
            "vehicles": itinerary.vehicles,
            "booked": int(itinerary.booked),
            "mode": ROAD if longest is None else longest.mode,
            "boxes": own.boxes,
            "cents": own.cents,
            "grams": own.grams,
            "door": said["doorMinutes"],
            "haul": said["mainRideMinutes"],
            "slack": said["slackMinutes"],
            "slowSlack": said["slackMinutesUnderHighTimes"],
            "lateSlow": int(said["lateUnderHighTimes"]),
            "against": said["minutesAgainstBaseline"],
            "flows": flows,
            "moments": list(self._moments(itinerary)),
            "stages": list(self._stages(itinerary)),
            "lines": [
                [number((line.kind, line.label)), line.stage, PER.index(line.per), line.unit_cents]
                for line in itinerary.lines
            ],
            "emissions": [[line.stage, PER.index(line.per), line.unit_grams] for line in itinerary.emissions],
        }

    def _stages(self, itinerary: Itinerary) -> Iterator[list[object]]:
        """Kind, mode, place it ends at, whether boxed then; of a ride its service and departure day."""
        for stage in itinerary.stages:
            cells: list[object] = [
                STAGE_KINDS.index(stage.kind),
                stage.mode,
                self._lists.places.number(stage.to_place),
                int(stage.to_form == BOXED),
            ]
            if stage.service_id is not None and stage.departure_day is not None:
                day = (stage.departure_day - EPOCH_DAY).days
                cells += [self._lists.services.number(stage.service_id), day]
            yield cells

    def _moments(self, itinerary: Itinerary) -> Iterator[int]:
        """Start of the first stage and end of every stage: minutes since the moment before, and offset."""
        first = itinerary.stages[0]
        yield from self._moment(first.start_min, first.from_place)
        for stage in itinerary.stages:
            minutes, offset = self._moment(stage.end_min, stage.to_place)
            yield minutes - stage.start_min
            yield offset

    def _moment(self, minutes: int, place: PlaceId) -> list[int]:
        zone = self._problem.network.places[place].time_zone
        if (minutes, zone) not in self._offsets:
            offset = from_minutes(minutes, zone).utcoffset()
            assert offset is not None
            self._offsets[minutes, zone] = int(offset.total_seconds()) // _SECONDS
        return [minutes, self._offsets[minutes, zone]]
