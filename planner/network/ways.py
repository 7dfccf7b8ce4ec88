"""Whether rides and roads that a batch may use lead to its destination at all, whatever the times."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from planner.model.batches import Batch
from planner.model.ids import PlaceId
from planner.model.problem import Problem
from planner.model.tariffs import FREIGHT
from planner.network.fares import is_banned, marks_met
from planner.network.rules import form_fits, may_use
from planner.network.timetable import Pair


@dataclass(frozen=True, slots=True)
class _Way:
    """A ride or a road: where it leads, and the marks of the batch that it meets."""

    end: PlaceId
    marks: int


class Ways:
    """Rides and roads of a network by what may use them; who may do the same shares one map.

    Days are not asked, nor who pays which price: what does not lead there on this map never does.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._maps: dict[tuple[object, ...], dict[PlaceId, set[_Way]]] = {}
        priced = {
            (row.service_id, row.from_place, row.to_place)
            for row in problem.network.tariffs
            if row.charge == FREIGHT
        }
        self._pairs = [
            Pair(service, board, alight, None)
            for service in problem.network.services.values()
            if service.bookable
            for board, alight in combinations(range(len(service.calls)), 2)
            if service.calls[board].load
            and service.calls[alight].unload
            and service.calls[board].place != service.calls[alight].place
            and (service.id, service.calls[board].place, service.calls[alight].place) in priced
        ]
        self._pairs += [Pair(None, 0, 0, road) for road in problem.network.roads]

    def lead(self, batch: Batch) -> bool:
        """Whether some chain of rides and roads leads from origin to destination and meets what it has to."""
        key = (
            *(batch.vehicle_type, batch.shipper, batch.modes, batch.not_modes, batch.needed_modes),
            *(batch.via, batch.not_via),
        )
        if key not in self._maps:
            self._maps[key] = self._map_of(batch)
        onward = self._maps[key]
        all_marks = (1 << batch.num_marks) - 1
        start = batch.origin, 0
        reached, ahead = {start}, [start]
        while ahead:
            place, met = ahead.pop()
            if place == batch.destination:
                if met == all_marks:
                    return True
                continue
            for way in onward[place]:
                step = way.end, met | way.marks
                if step not in reached:
                    reached.add(step)
                    ahead.append(step)
        return False

    def _map_of(self, batch: Batch) -> dict[PlaceId, set[_Way]]:
        vehicle_type, places = self._problem.vehicle_type_of(batch), self._problem.network.places
        onward: dict[PlaceId, set[_Way]] = defaultdict(set)
        for pair in self._pairs:
            fits = (
                may_use(pair.service, batch, vehicle_type)
                if pair.service is not None
                else form_fits(pair.form, vehicle_type)
            )
            if fits and not is_banned(pair, batch, places):
                start, end = pair.ends
                onward[start].add(_Way(end, marks_met(pair, batch)))
        return onward
