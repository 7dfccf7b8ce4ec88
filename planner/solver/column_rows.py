"""Which rows an itinerary takes room on: legs, days of places and roads, held space, chartered departures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.model.batches import Batch
from planner.model.vehicles import BOXED, VehicleType
from planner.network.rows import Claim
from planner.network.timetable import FORM_NUMBER, NO_LIMIT, Ints, Timetable

UnitRows = tuple[tuple[int, int], ...]


class _Taken(NamedTuple):
    """Rows that an arc takes room on: of its ride, the day of its road and of its end; -1 = none."""

    pair: int
    boxed: bool
    ride_rows: tuple[int, ...]
    road_row: int
    place_row: int


class ColumnRows:
    """Rows by arc; those of an arc are looked up once.

    arc_is_open : bool[R]   arcs that take from nothing that is limited
    """

    def __init__(self, timetable: Timetable) -> None:
        self._timetable = timetable
        self._capacity = timetable.arrays["row_capacity"]
        self._taken: dict[int, _Taken] = {}
        self._held: dict[Claim, dict[int, list[int]]] = {}
        self.arc_is_open = self._find_open()

    def _find_open(self) -> npt.NDArray[np.bool_]:
        table, arrays = self._timetable, self._timetable.arrays
        limited = self._capacity[: table.num_legs] < NO_LIMIT
        chartered = np.zeros(len(table.departures) + 1, dtype=np.bool_)
        chartered[list(table.boarded_row)] = True
        before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(limited)])
        on_legs = before[arrays["arc_leg_to"]] > before[arrays["arc_leg_from"]]
        boarding = arrays["arc_boarding"]
        on_days = (
            (arrays["arrival_row"][arrays["arc_arrival"]] >= 0)
            | (arrays["boarding_row"][boarding] >= 0)
            | (arrays["boarding_origin_row"][:, boarding] >= 0).any(axis=0)
        )
        return np.asarray(~(on_legs | on_days | chartered[arrays["arc_departure"]]), dtype=np.bool_)

    def rows_of(
        self, batch: Batch, vehicle_type: VehicleType, arcs: Sequence[int], pair_units: Ints
    ) -> tuple[UnitRows, tuple[int, ...]]:
        """Units per vehicle by row, and rows on which a box takes one unit."""
        arrays = self._timetable.arrays
        held = self._held_on(batch)
        per_vehicle: dict[int, int] = {}
        per_box: list[int] = []

        def take(row: int, units: int, *, boxed: bool) -> None:
            if row < 0:
                return
            if boxed:
                per_box.append(row)
            else:
                per_vehicle[row] = per_vehicle.get(row, 0) + units

        if arcs:
            form = FORM_NUMBER[vehicle_type.first_form]
            boarding = arrays["arc_boarding"][arcs[0]]
            starts_boxed = vehicle_type.first_form == BOXED
            take(int(arrays["boarding_origin_row"][form, boarding]), 1, boxed=starts_boxed)
        for arc in arcs:
            pair, boxed, ride_rows, road_row, place_row = self._taken_by(arc)
            units = int(pair_units[pair]) if ride_rows else 0
            for row in ride_rows:
                take(row, units, boxed=boxed)
                for held_row in held.get(row, ()):
                    take(held_row, units, boxed=boxed)
            # Trucks are counted in vehicles also where they carry boxes.
            take(road_row, 1, boxed=False)
            take(place_row, 1, boxed=boxed)
        return tuple(per_vehicle.items()), tuple(per_box)

    def _taken_by(self, arc: int) -> _Taken:
        taken = self._taken.get(arc)
        if taken is None:
            table, arrays = self._timetable, self._timetable.arrays
            boarding, arrival = int(arrays["arc_boarding"][arc]), int(arrays["arc_arrival"][arc])
            taken = self._taken[arc] = _Taken(
                pair=int(arrays["arc_pair"][arc]),
                boxed=table.gates[int(arrays["boarding_gate"][boarding])][2] == BOXED,
                ride_rows=self._ride_rows(arc),
                road_row=int(arrays["boarding_row"][boarding]),
                place_row=int(arrays["arrival_row"][arrival]),
            )
        return taken

    def _ride_rows(self, arc: int) -> tuple[int, ...]:
        """Limited legs of a ride, and the row that counts what boards its chartered departure."""
        table, arrays = self._timetable, self._timetable.arrays
        boarded = table.boarded_row.get(int(arrays["arc_departure"][arc]))
        legs = range(int(arrays["arc_leg_from"][arc]), int(arrays["arc_leg_to"][arc]))
        rows = [leg for leg in legs if boarded is not None or self._capacity[leg] < NO_LIMIT]
        return tuple(rows if boarded is None else [*rows, boarded])

    def _held_on(self, batch: Batch) -> dict[int, list[int]]:
        """Rows of held space that a batch has to keep to, by leg."""
        claim = self._timetable.claim_of(batch)
        if claim not in self._held:
            by_leg: dict[int, list[int]] = {}
            for row, leg in zip(*self._timetable.held_rows(batch), strict=True):
                by_leg.setdefault(int(leg), []).append(int(row))
            self._held[claim] = by_leg
        return self._held[claim]
