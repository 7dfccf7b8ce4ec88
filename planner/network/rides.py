"""Pairs of a service: what may be ridden from where to where, and at which tariffs on which day."""

from __future__ import annotations

from datetime import date

from planner.clock import local_date
from planner.model.ids import PlaceId
from planner.model.services import Service
from planner.model.tariffs import FREIGHT, Tariff
from planner.network.roll_out import Departure
from planner.network.timetable import Pair, Timetable


class Rides:
    """Pairs of one service: board and alight calls, by the tariffs in force."""

    def __init__(self, table: Timetable, service: Service) -> None:
        self._table = table
        self._service = service
        calls = service.calls
        rows: dict[tuple[PlaceId, PlaceId], list[Tariff]] = {}
        for row in table.network.tariffs:
            if row.service_id == service.id:
                rows.setdefault((row.from_place, row.to_place), []).append(row)
        self._tariffs = {
            (i, j): tuple(rows[board.place, alight.place])
            for i, board in enumerate(calls)
            for j, alight in enumerate(calls[i + 1 :], start=i + 1)
            if board.load and alight.unload and board.place != alight.place
            if (board.place, alight.place) in rows
        }
        self._numbers: dict[tuple[object, ...], int | None] = {}
        self.ends = [
            ends for ends, tariffs in self._tariffs.items() if any(row.charge == FREIGHT for row in tariffs)
        ]

    def pair_of(self, departure: Departure, i: int, j: int) -> int | None:
        """Number of the pair of a ride; ``None`` if it has no freight row that day."""
        tariffs = self._tariffs[i, j]
        if any(row.first_date or row.last_date for row in tariffs):
            zone = self._table.network.places[self._service.calls[i].place].time_zone
            day = local_date(departure.departs_min(i), zone)
            tariffs = tuple(row for row in tariffs if _is_in_force(row, day))
        key = (i, j, tuple(map(id, tariffs)), departure.price_factor)
        if key not in self._numbers:
            self._numbers[key] = self._add(Pair(self._service, i, j, None, tariffs, departure.price_factor))
        return self._numbers[key]

    def _add(self, pair: Pair) -> int | None:
        if not any(row.charge == FREIGHT for row in pair.tariffs):
            return None
        self._table.pairs.append(pair)
        return len(self._table.pairs) - 1


def _is_in_force(row: Tariff, day: date) -> bool:
    first, last = row.first_date, row.last_date
    return (first is None or first <= day) and (last is None or day <= last)
