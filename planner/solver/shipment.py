"""One shipment as the compiled searches see it: its prices, its room, its ends, the least still to go."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from planner.model.batches import Batch
from planner.model.problem import Problem
from planner.model.services import DELIVERY, ORIGIN
from planner.model.vehicles import BOXED
from planner.network.fares import CLOSED, FareBook, Fares
from planner.network.recent import Recent
from planner.network.timetable import FORM_NUMBER, Ints, Timetable
from planner.network.type_fares import space_units
from planner.solver.delivery import delivered_cents
from planner.solver.kernel import INFINITE
from planner.solver.labels import Charters, Shipment, ToGo
from planner.solver.room_left import RoomLeft
from planner.solver.storage_rules import StoragePrices, storage_prices
from planner.solver.to_go import least_to_go, map_edges
from planner.units import MINUTES_PER_HOUR, ceil_div, round_half_up

MOST_BYTES_KEPT = 24 << 20
"""Prices of shipments kept between questions, and as much again for storage and for room."""
MOST_CLASSES = 400
"""Classes of cargo kept between questions, some 80 kB each."""

Mask = npt.NDArray[np.bool_]
_NOTHING: Ints = np.zeros(0, dtype=np.int64)


class _Prices(NamedTuple):
    """What hangs on class and size of a shipment alone."""

    pair_cents: Ints
    pair_grams: Ints
    pair_units: Ints
    pair_open: Mask
    transfer_cents: Ints


class _Room(NamedTuple):
    """What has room for a shipment of some type and size."""

    blocked: Ints
    arrival_open: Mask
    boarding_open: Mask
    origin_open: Mask


class _Limits(NamedTuple):
    """Which of some boardings or arrivals take from a row of limited room, and from which."""

    numbers: Ints
    rows: Ints
    num_all: int

    @classmethod
    def of(cls, rows: Ints) -> _Limits:
        """Pick out those that have a row; -1 = none."""
        numbers = np.flatnonzero(rows >= 0)
        return cls(numbers, rows[numbers], len(rows))

    def are_open(self, free: Ints, units: Ints | int) -> Mask:
        """Which of all have so many units left; bool[all]."""
        is_open = np.ones(self.num_all, dtype=np.bool_)
        is_open[self.numbers] = free[self.rows] >= units
        return is_open


class Desk:
    """Makes the arrays of shipments over one timetable; prices asked for again are kept.

    The arrays of a shipment hold until those of the next are asked for.

    Parameters
    ----------
    problem
        Network, terms, and the kept itineraries whose room is taken.
    """

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self._problem = problem
        self._table = timetable
        self._book = FareBook(problem, timetable, with_grams=bool(problem.network.emission_factors))
        self.room = RoomLeft(problem, timetable)
        self._edges = map_edges(timetable)
        self._prices: Recent[_Prices] = Recent(MOST_BYTES_KEPT)
        self._storage: Recent[StoragePrices] = Recent(MOST_BYTES_KEPT)
        self._to_go: Recent[ToGo] = Recent(MOST_BYTES_KEPT)
        self._rooms: Recent[_Room] = Recent(MOST_BYTES_KEPT)
        services = {service: number for number, service in enumerate(timetable.network.services)}
        self.service_number = services
        self._pair_service = np.array(
            [-1 if pair.service is None else services[pair.service.id] for pair in timetable.pairs],
            dtype=np.int64,
        )
        self._leg_service = np.array(
            [services[timetable.departures[number].service.id] for number in timetable.leg_departure],
            dtype=np.int64,
        )
        arrays = timetable.arrays
        self._end_of = np.full(timetable.num_arrivals + 1, -1, dtype=np.int32)
        self._ends: Ints = np.zeros(0, dtype=np.int64)
        self._limits = {name: _Limits.of(arrays[name]) for name in ("arrival_row", "boarding_row")} | {
            form: _Limits.of(arrays["boarding_origin_row"][number]) for form, number in FORM_NUMBER.items()
        }
        boxed = arrays["slot_form"][arrays["arrival_slot"]] == FORM_NUMBER[BOXED]
        self._arrives_boxed = boxed[self._limits["arrival_row"].numbers]
        self._slots_at: dict[str, list[int]] = {}
        for slot, (place, mode, _, _) in enumerate(timetable.slots):
            if mode != ORIGIN:
                self._slots_at.setdefault(place, []).append(slot)
        self._slot_times = [arrays["arrival_min"][arrivals] for arrivals in timetable.slot_arrivals]
        self.charters = self._find_charters()

    def fares_of(self, batch: Batch) -> Fares:
        """Prices of the class of a shipment."""
        if len(self._book) > MOST_CLASSES:
            self._book.forget()
        return self._book.fares_of(batch)

    def shipment(self, batch: Batch, *, money: bool = True) -> Shipment:
        """Arrays of a shipment; those of the one before hold no longer.

        Parameters
        ----------
        money
            False: nothing is asked of what depends on the time of delivery.
        """
        problem, table = self._problem, self._table
        fares = self.fares_of(batch)
        prices, storage = self._prices_of(batch, fares), self._storage_of(batch, fares)
        room = self._room_for(batch)
        end_cents, end_min = self._find_ends(batch, fares, money=money)
        return Shipment(
            pair_cents=prices.pair_cents,
            pair_grams=prices.pair_grams,
            pair_units=prices.pair_units,
            pair_mark=fares.pair_mark,
            pair_service=self._pair_service,
            pair_open=prices.pair_open,
            transfer_cents=prices.transfer_cents,
            transfer_min=fares.transfer_min,
            tier=storage.tier,
            rule_monotone=storage.monotone,
            rule_settles=storage.settles,
            rule_free=storage.free,
            blocked=room.blocked,
            arrival_open=room.arrival_open,
            boarding_open=room.boarding_open,
            origin_open=room.origin_open,
            end_of=self._end_of,
            end_cents=end_cents,
            end_min=end_min,
            later_cents=_later_cents(problem, batch) if money else _NOTHING,
            all_marks=np.int64((1 << batch.num_marks) - 1),
            destination=np.int64(table.place_number[batch.destination]),
        )

    def to_go(self, batch: Batch) -> ToGo:
        """Least still to go from every slot and gate."""
        fares = self.fares_of(batch)
        key = (fares.key, batch.vehicles, batch.destination)
        return self._to_go.get(key, lambda: self._find_to_go(batch, fares))

    def _find_to_go(self, batch: Batch, fares: Fares) -> ToGo:
        table, arrays = self._table, self._table.arrays
        prices = self._prices_of(batch, fares)
        vehicle_type, boxes = self._problem.vehicle_type_of(batch), _boxes(self._problem, batch)
        ends = np.full((3, len(table.slots)), INFINITE, dtype=np.int64)
        is_end = np.zeros(len(table.slots), dtype=np.bool_)
        for slot, (place, mode, form, _) in enumerate(table.slots):
            if place != batch.destination:
                continue
            is_end[slot] = True
            row = table.handling.find(place, mode, DELIVERY, form, vehicle_type.first_form)
            if row is not None:
                paid = boxes if row.per == "feu" else batch.vehicles
                minutes = row.handling_min + fares.slot_after_min[slot]
                ends[:, slot] = minutes, round_half_up(row.price) * paid, 0
        measures = (
            (_NOTHING, fares.transfer_min),
            (prices.pair_cents, prices.transfer_cents),
            (prices.pair_grams, np.zeros_like(prices.transfer_cents)),
        )
        found = [
            least_to_go(
                self._edges,
                prices.pair_open,
                of_pairs,
                arrays["transfer_slot"],
                arrays["transfer_gate"],
                of_transfers,
                of_ends,
                is_end,
                len(table.gates),
            )
            for (of_pairs, of_transfers), of_ends in zip(measures, ends, strict=True)
        ]
        return ToGo(*(slots for slots, _ in found), *(gates for _, gates in found))

    def _prices_of(self, batch: Batch, fares: Fares) -> _Prices:
        return self._prices.get((fares.key, batch.vehicles), lambda: self._find_prices(batch, fares))

    def _find_prices(self, batch: Batch, fares: Fares) -> _Prices:
        vehicles, boxes = batch.vehicles, _boxes(self._problem, batch)
        is_open = fares.pair_vehicle < CLOSED
        in_boxes = np.where(fares.pair_boxed, boxes, 0)
        cents = np.where(is_open, fares.pair_vehicle, 0) * vehicles + fares.pair_box * in_boxes
        return _Prices(
            pair_cents=cents + fares.pair_part,
            pair_grams=fares.pair_vehicle_grams * vehicles + fares.pair_box_grams * in_boxes,
            pair_units=np.where(fares.pair_boxed, boxes, fares.pair_units * vehicles),
            pair_open=is_open,
            transfer_cents=fares.transfer_vehicle * vehicles + fares.transfer_box * boxes,
        )

    def _storage_of(self, batch: Batch, fares: Fares) -> StoragePrices:
        vehicles, boxes = batch.vehicles, _boxes(self._problem, batch)
        return self._storage.get(
            (batch.vehicle_type, vehicles),
            lambda: storage_prices(self._table, fares.tier_vehicle * vehicles + fares.tier_box * boxes),
        )

    def _find_ends(self, batch: Batch, fares: Fares, *, money: bool) -> tuple[Ints, Ints]:
        """Number the arrivals that can be delivered in time; cents and minutes of each to Delivered."""
        problem, table = self._problem, self._table
        first_form, boxes = problem.vehicle_type_of(batch).first_form, _boxes(problem, batch)
        latest = problem.terms.latest_delivery_min(batch)
        arrivals, delivered, handled = [_NOTHING], [_NOTHING], [_NOTHING]
        for slot in self._slots_at.get(batch.destination, ()):
            place, mode, form, _ = table.slots[slot]
            row = table.handling.find(place, mode, DELIVERY, form, first_form)
            if row is None:
                continue
            hours_min = row.handling_min + int(fares.slot_after_min[slot])
            times = self._slot_times[slot]
            first, behind = np.searchsorted(times, [batch.ready_min, latest - hours_min + 1])
            arrivals.append(table.slot_arrivals[slot][first:behind])
            delivered.append(times[first:behind] + hours_min)
            paid = round_half_up(row.price) * (boxes if row.per == "feu" else batch.vehicles)
            handled.append(np.full(behind - first, paid, dtype=np.int64))
        self._end_of[self._ends] = -1
        self._ends = np.concatenate(arrivals)
        self._end_of[self._ends] = np.arange(len(self._ends), dtype=np.int32)
        done = np.concatenate(delivered)
        cents = np.concatenate(handled)
        if money:
            cents += delivered_cents(problem, batch, done) * batch.vehicles
        return cents, done - batch.ready_min

    def _room_for(self, batch: Batch) -> _Room:
        """What has room for the whole shipment."""
        free = self.room.free(batch)
        key = (batch.vehicle_type, batch.vehicles, free.number)
        return self._rooms.get(key, lambda: self._find_room(batch, free.units))

    def _find_room(self, batch: Batch, free: Ints) -> _Room:
        problem, table = self._problem, self._table
        vehicle_type, boxes = problem.vehicle_type_of(batch), _boxes(problem, batch)
        needed = np.array(
            [
                boxes if service.is_boxed else batch.vehicles * space_units(service, vehicle_type)
                for service in table.network.services.values()
            ],
            dtype=np.int64,
        )
        full = free[: table.num_legs] < needed[self._leg_service]
        first_form = vehicle_type.first_form
        at_origin = boxes if first_form == BOXED else batch.vehicles
        arriving = np.where(self._arrives_boxed, boxes, batch.vehicles)
        return _Room(
            blocked=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(full, dtype=np.int64)]),
            arrival_open=self._limits["arrival_row"].are_open(free, arriving),
            boarding_open=self._limits["boarding_row"].are_open(free, batch.vehicles),
            origin_open=self._limits[first_form].are_open(free, at_origin),
        )

    def _find_charters(self) -> Charters:
        table, load = self._table, self.room.load
        departures = list(table.boarded_row)
        services = [table.departures[number].service for number in departures]
        number_of = np.full(len(table.departures) + 1, -1, dtype=np.int64)
        number_of[departures] = np.arange(len(departures))
        arrays = table.arrays
        last = np.zeros(len(table.departures) + 1, dtype=np.int64)
        np.maximum.at(last, arrays["arc_departure"], arrays["boarding_min"][arrays["arc_boarding"]])
        bought = []
        for number, service in zip(departures, services, strict=True):
            first = table.departure_first_leg[number]
            most = int(load[first : first + len(service.calls) - 1].max(initial=0))
            bought.append(
                ceil_div(most, max(1, service.module_capacity)) if service.module_capacity else most > 0
            )

        def of_services(values: list[int]) -> Ints:
            return np.array(values, dtype=np.int64)

        return Charters(
            number_of=number_of,
            departure_cents=of_services([round_half_up(service.departure_price) for service in services]),
            module_cents=of_services([round_half_up(service.module_price) for service in services]),
            least_load=of_services([service.min_load for service in services]),
            module_units=of_services([service.module_capacity or 0 for service in services]),
            bought=of_services([int(modules) for modules in bought]),
            last_board_min=last[departures],
            leg_load=load[: max(1, table.num_legs)].copy(),
        )


def _boxes(problem: Problem, batch: Batch) -> int:
    """Boxes of a shipment where it is boxed."""
    return ceil_div(batch.vehicles, max(1, problem.vehicle_type_of(batch).vehicles_per_feu))


def _later_cents(problem: Problem, batch: Batch) -> Ints:
    """Least that carrying, earliness and lateness add if delivered some whole hours after ready, or later."""
    latest = problem.terms.latest_delivery_min(batch)
    hours = np.arange(batch.ready_min, latest + 2 * MINUTES_PER_HOUR, MINUTES_PER_HOUR, dtype=np.int64)
    cents = delivered_cents(problem, batch, hours)
    if batch.early_price:
        # Waiting for due may save money; the roundings of the three lines may part by a cent each.
        at_due = int(delivered_cents(problem, batch, np.array([batch.due_min], dtype=np.int64))[0])
        cents = np.where(hours < batch.due_min, np.minimum(cents, at_due), cents) - 3
    return cents * batch.vehicles
