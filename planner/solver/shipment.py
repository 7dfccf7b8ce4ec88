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
from planner.network.timetable import FORM_NUMBER, Ints, Timetable
from planner.network.type_fares import space_units
from planner.solver.delivery import delivered_cents
from planner.solver.kernel import INFINITE
from planner.solver.labels import Charters, Shipment, ToGo
from planner.solver.room_left import RoomLeft
from planner.solver.storage_rules import free_rules, monotone_rules, settling_rules
from planner.solver.to_go import least_to_go, map_edges
from planner.units import MINUTES_PER_HOUR, ceil_div, round_half_up

MOST_KEPT = 500
"""Prices of shipments kept between questions."""

MOST_ROOMS_KEPT = 16

Mask = npt.NDArray[np.bool_]
_NOTHING: Ints = np.zeros(0, dtype=np.int64)


class _Prices(NamedTuple):
    """What hangs on class and size of a shipment alone."""

    pair_cents: Ints
    pair_grams: Ints
    pair_units: Ints
    pair_open: Mask
    transfer_cents: Ints
    tier: Ints
    monotone: Mask
    settles: Mask
    free: Mask


class _Room(NamedTuple):
    """What has room for a shipment of some type and size; ``free``: the room it was worked out from."""

    free: Ints
    blocked: Ints
    arrival_open: Mask
    boarding_open: Mask
    origin_open: Mask


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
        self._prices: dict[tuple[int, int], _Prices] = {}
        self._to_go: dict[tuple[int, int, str], ToGo] = {}
        self._fares: list[Fares] = []  # keeps the numbers by which prices are known
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
        self._rooms: dict[tuple[str, int], _Room] = {}
        self._slots_at: dict[str, list[int]] = {}
        for slot, (place, mode, _, _) in enumerate(timetable.slots):
            if mode != ORIGIN:
                self._slots_at.setdefault(place, []).append(slot)
        self._slot_times = [arrays["arrival_min"][arrivals] for arrivals in timetable.slot_arrivals]
        self.charters = self._find_charters()

    def fares_of(self, batch: Batch) -> Fares:
        """Prices of the class of a shipment."""
        fares = self._book.fares_of(batch)
        if not any(fares is known for known in self._fares):
            self._fares.append(fares)
        return fares

    def shipment(self, batch: Batch, *, money: bool = True) -> Shipment:
        """Arrays of a shipment; those of the one before hold no longer.

        Parameters
        ----------
        money
            False: nothing is asked of what depends on the time of delivery.
        """
        problem, table = self._problem, self._table
        fares = self.fares_of(batch)
        prices = self._prices_of(batch, fares)
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
            tier=prices.tier,
            rule_monotone=prices.monotone,
            rule_settles=prices.settles,
            rule_free=prices.free,
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
        key = (id(fares), batch.vehicles, batch.destination)
        if key not in self._to_go:
            if len(self._to_go) >= MOST_KEPT:
                self._to_go.clear()
            self._to_go[key] = self._find_to_go(batch, fares)
        return self._to_go[key]

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
        key = (id(fares), batch.vehicles)
        if key not in self._prices:
            if len(self._prices) >= MOST_KEPT:
                self._prices.clear()
            vehicles, boxes = batch.vehicles, _boxes(self._problem, batch)
            is_open = fares.pair_vehicle < CLOSED
            tier = fares.tier_vehicle * vehicles + fares.tier_box * boxes
            in_boxes = np.where(fares.pair_boxed, boxes, 0)
            cents = np.where(is_open, fares.pair_vehicle, 0) * vehicles + fares.pair_box * in_boxes
            self._prices[key] = _Prices(
                pair_cents=cents + fares.pair_part,
                pair_grams=fares.pair_vehicle_grams * vehicles + fares.pair_box_grams * in_boxes,
                pair_units=np.where(fares.pair_boxed, boxes, fares.pair_units * vehicles),
                pair_open=is_open,
                transfer_cents=fares.transfer_vehicle * vehicles + fares.transfer_box * boxes,
                tier=tier,
                monotone=monotone_rules(self._table, tier),
                settles=settling_rules(self._table, tier),
                free=free_rules(self._table, tier),
            )
        return self._prices[key]

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
        key = (batch.vehicle_type, batch.vehicles)
        known = self._rooms.get(key)
        if known is None or known.free is not free:
            if len(self._rooms) >= MOST_ROOMS_KEPT:
                self._rooms.clear()
            known = self._rooms[key] = self._find_room(batch, free)
        return known

    def _find_room(self, batch: Batch, free: Ints) -> _Room:
        problem, table, arrays = self._problem, self._table, self._table.arrays
        vehicle_type, boxes = problem.vehicle_type_of(batch), _boxes(problem, batch)
        needed = np.array(
            [
                boxes if service.is_boxed else batch.vehicles * space_units(service, vehicle_type)
                for service in table.network.services.values()
            ],
            dtype=np.int64,
        )
        full = free[: table.num_legs] < needed[self._leg_service]
        boxed = arrays["slot_form"][arrays["arrival_slot"]] == FORM_NUMBER[BOXED]
        at_origin = boxes if vehicle_type.first_form == BOXED else batch.vehicles

        def is_open(rows: Ints, units: Ints | int) -> Mask:
            return np.asarray((rows < 0) | (free[rows] >= units), dtype=np.bool_)

        return _Room(
            free=free,
            blocked=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(full, dtype=np.int64)]),
            arrival_open=is_open(arrays["arrival_row"], np.where(boxed, boxes, batch.vehicles)),
            boarding_open=is_open(arrays["boarding_row"], batch.vehicles),
            origin_open=is_open(
                arrays["boarding_origin_row"][FORM_NUMBER[vehicle_type.first_form]], at_origin
            ),
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
