"""Whether rides and roads that a batch may use lead to its destination at all, whatever the times."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from planner.model.batches import Batch
from planner.model.ids import PlaceId
from planner.model.problem import Problem
from planner.model.services import DELIVERY, ORIGIN
from planner.model.tariffs import FREIGHT
from planner.model.vehicles import BOXED
from planner.network.fares import is_banned, marks_met
from planner.network.rules import HandlingRules, form_fits, may_use
from planner.network.timetable import Pair


@dataclass(frozen=True, slots=True)
class _Way:
    """A ride or a road: where it leads, in which mode and form, and the marks of the batch that it meets."""

    end: PlaceId
    mode: str
    form: str
    marks: int


@dataclass(frozen=True, slots=True)
class _Here:
    """Cargo at a place: how it came there, whether it has been in boxes, the marks it has met."""

    place: PlaceId
    mode: str
    form: str
    was_boxed: bool
    met: int


class Ways:
    """Rides and roads of a network by what may use them; who may do the same shares one map.

    Days are not asked, nor who pays which price: what does not lead there on this map never does. Changes of
    mode and form need a handling row, and nothing is stuffed twice.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._handling = HandlingRules(problem.network)
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
        first_form = self._problem.vehicle_type_of(batch).first_form
        all_marks = (1 << batch.num_marks) - 1
        start = _Here(batch.origin, ORIGIN, first_form, was_boxed=first_form == BOXED, met=0)
        reached, ahead = {start}, [start]
        while ahead:
            here = ahead.pop()
            if here.place == batch.destination:
                if here.met == all_marks and self._changes(here, DELIVERY, first_form):
                    return True
                continue
            for way in onward[here.place]:
                if not self._changes(here, way.mode, way.form):
                    continue
                was_boxed = here.was_boxed or way.form == BOXED
                there = _Here(way.end, way.mode, way.form, was_boxed, here.met | way.marks)
                if there not in reached:
                    reached.add(there)
                    ahead.append(there)
        return False

    def _changes(self, here: _Here, to_mode: str, to_form: str) -> bool:
        """Whether cargo can leave a place so."""
        if to_form == BOXED and here.form != BOXED and here.was_boxed:
            return False
        return self._handling.find(here.place, here.mode, to_mode, here.form, to_form) is not None

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
                onward[start].add(_Way(end, pair.mode, pair.form, marks_met(pair, batch)))
        return onward
