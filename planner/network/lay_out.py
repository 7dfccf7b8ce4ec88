"""Rolls services and roads out over a horizon and lays them out as arrays: makes the timetable."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, time
from functools import partial

import numpy as np
import numpy.typing as npt

from planner.clock import local_minutes
from planner.model.batches import Batch
from planner.model.ids import PlaceId
from planner.model.problem import TYPICAL, Network, Problem
from planner.model.services import ORIGIN, ROAD, Service
from planner.model.tariffs import Road
from planner.model.vehicles import FORMS
from planner.network.charge_hours import Slot
from planner.network.kept import DayUse, list_day_uses
from planner.network.local_days import day_numbers
from planner.network.rides import Rides
from planner.network.roll_out import Departure, RollOut
from planner.network.rows import NO_LIMIT, Rows
from planner.network.rules import storage_tiers
from planner.network.timetable import FORM_NUMBER, Ints, Pair, StorageRule, Timetable, Transfer

MIDNIGHT = time(0)
NO_DEPARTURE = -1

Arc = tuple[int, int, int, int, int]
"""Boarding, pair, first leg, leg behind the last, departure."""


def timetable_of(problem: Problem, roll_out: RollOut | None = None) -> Timetable:
    """Timetable of the horizon that the batches of a problem need.

    Parameters
    ----------
    roll_out
        As for :func:`build_timetable`.

    Raises
    ------
    ValueError
        If there are no batches: nothing says which days to roll out.
    """
    batches, terms = problem.batches, problem.terms
    if not batches:
        raise ValueError("a problem without batches has nothing to plan")
    return build_timetable(
        problem.network,
        sorted({(batch.origin, problem.vehicle_type_of(batch).first_form) for batch in batches}),
        min(batch.ready_min for batch in batches),
        max(terms.latest_delivery_min(batch) for batch in batches),
        times=terms.times,
        today=terms.today,
        batches=batches,
        kept_uses=[
            use
            for batch in batches
            for itinerary in problem.kept.get(batch.id, ())
            for use in list_day_uses(problem, batch, itinerary)
        ],
        roll_out=roll_out,
    )


def build_timetable(
    network: Network,
    origins: Sequence[tuple[PlaceId, str]],
    first_min: int,
    last_min: int,
    *,
    times: str = TYPICAL,
    today: date | None = None,
    batches: Sequence[Batch] = (),
    kept_uses: Sequence[DayUse] = (),
    roll_out: RollOut | None = None,
) -> Timetable:
    """Roll out all services and roads between two times and lay them out as arrays.

    Parameters
    ----------
    origins
        Places and first forms from which batches start.
    first_min, last_min
        Earliest ready and latest Delivered of any batch.
    times, today
        As in :class:`~planner.model.problem.Terms`.
    batches
        Whose claims on allotments are told apart.
    kept_uses
        Days of places and roads that kept itineraries use: they have rows even if nobody else can use them.
    roll_out
        Of the same network: the departures that it knows are not worked out again.
    """
    table = Timetable(
        network=network,
        first_min=first_min,
        last_min=last_min,
        roll_out=roll_out or RollOut(network),
        today=today,
    )
    table.place_number = {place: number for number, place in enumerate(network.places)}
    layout = _Layout(table, origins, times, batches)
    for service in network.services.values():
        layout.add_service(service)
    for road in network.roads:
        layout.add_road(road)
    layout.add_kept(kept_uses)
    layout.finish()
    return table


class _Layout:
    """Collects rows, then turns them into arrays."""

    def __init__(
        self,
        table: Timetable,
        origins: Sequence[tuple[PlaceId, str]],
        times: str,
        batches: Sequence[Batch],
    ) -> None:
        self.table = table
        self.times = times
        self.origins = frozenset(origins)
        self.roll_out = table.roll_out
        self.rows = Rows(table.network, self.roll_out.closures)
        self.claims = sorted({table.claim_of(batch) for batch in batches})
        self.tell_borders = table.charge_hours.tell_borders
        self.gate_number: dict[Slot, int] = {}
        self.arrivals: list[tuple[int, int, int, int]] = []  # time, slot, place, day row
        self.arcs_into: list[list[Arc]] = []
        self.boardings: list[tuple[int, int, int, int, int]] = []  # time, gate, day rows
        self.roads = _Roads()
        self.chartered: list[int] = []

    # --- services ---------------------------------------------------------------------------------------

    def add_service(self, service: Service) -> None:
        rides = Rides(self.table, service)
        if not rides.ends:
            return
        table = self.table
        allotments = [row for row in table.network.allotments if row.service_id == service.id]
        for departure in self.roll_out.list_departures(service, table.first_min, table.last_min):
            number, first_leg = len(table.departures), len(self.rows.leg_capacity)
            table.departures.append(departure)
            table.departure_first_leg.append(first_leg)
            table.departure_number[service.id, departure.day] = number
            capacities = [departure.leg_capacity(leg) for leg in range(len(service.calls) - 1)]
            for capacity in capacities:
                self.rows.leg_capacity.append(NO_LIMIT if capacity is None else capacity)
                table.leg_departure.append(number)
            if service.is_chartered:
                self.chartered.append(number)
            if allotments:
                legs = range(first_leg, first_leg + len(capacities))
                today = self._now(service.calls[0].place)
                claims = [(claim, claim[1] if today is None else today) for claim in self.claims]
                self.rows.hold(legs, capacities, allotments, departure.departs_min(0), claims)
            self._add_arcs(departure, number, first_leg, rides)

    def _add_arcs(self, departure: Departure, number: int, first_leg: int, rides: Rides) -> None:
        table, service = self.table, departure.service
        if self._is_booked_out(departure):
            return
        boarding_of: dict[tuple[int, bool], int] = {}
        arcs_of: dict[tuple[int, bool], list[Arc]] = {}
        for i, j in rides.ends:
            gate_min = departure.gate_min(i)
            board, alight = service.calls[i].place, service.calls[j].place
            if (
                gate_min < self._earliest(board)
                or departure.free_min(j, self.times) > table.last_min
                or not self.roll_out.is_open(departure, i, j)
            ):
                continue
            pair = rides.pair_of(departure, i, j)
            if pair is None:
                continue
            crosses = self._crosses(board, alight)
            if (i, crosses) not in boarding_of:
                gate = (board, service.mode, service.form, crosses)
                boarding_of[i, crosses] = self._board(gate, gate_min, departure.departs_min(i), NO_DEPARTURE)
            arc = (boarding_of[i, crosses], pair, first_leg + i, first_leg + j, number)
            arcs_of.setdefault((j, crosses), []).append(arc)
        for (j, crosses), arcs in sorted(arcs_of.items()):
            slot = (service.calls[j].place, service.mode, service.form, crosses)
            self._arrive(slot, departure.free_min(j, self.times), arcs)

    def _is_booked_out(self, departure: Departure) -> bool:
        """Whether bookings closed before today."""
        service = departure.service
        now = self._now(service.calls[0].place)
        if now is None or service.book_by_min is None:
            return False
        return departure.departs_min(0) - service.book_by_min < now

    def _now(self, place: PlaceId) -> int | None:
        """Start of today on the clock of a place."""
        today = self.table.today
        if today is None:
            return None
        return local_minutes(today, MIDNIGHT, self.table.network.places[place].time_zone)

    def _earliest(self, place: PlaceId) -> int:
        """Earliest gate or dispatch at a place."""
        now = self._now(place)
        return self.table.first_min if now is None else max(self.table.first_min, now)

    def _crosses(self, start: PlaceId, end: PlaceId) -> bool:
        places = self.table.network.places
        return self.tell_borders and places[start].country != places[end].country

    def add_road(self, road: Road) -> None:
        table, rows = self.table, self.rows
        pair = len(table.pairs)
        table.pairs.append(Pair(None, 0, 0, road))
        crosses = self._crosses(road.from_place, road.to_place)
        first, last = self._earliest(road.from_place), table.last_min - road.travel_min
        dispatches = self.roll_out.list_dispatches(road, first, last)
        if not len(dispatches):
            return
        arrivals = dispatches + road.travel_min
        nothing = np.full(len(dispatches), -1, dtype=np.int64)
        on_road = nothing if road.vehicles_per_day is None else _each(dispatches, partial(rows.on_road, road))
        at_origin = [
            _each(dispatches, partial(rows.at_place, road.from_place, form))
            if (road.from_place, form) in self.origins and rows.is_limited(road.from_place, form)
            else nothing
            for form in FORMS
        ]
        at_end = nothing
        if rows.is_limited(road.to_place, road.form):
            at_end = _each(arrivals, partial(rows.at_place, road.to_place, road.form))
        gate = self._gate((road.from_place, ROAD, road.form, crosses))
        slot = self._slot((road.to_place, ROAD, road.form, crosses))
        place = table.place_number[road.to_place]
        self.roads.add(
            pair,
            np.column_stack([dispatches, np.full_like(nothing, gate), on_road, *at_origin]),
            np.column_stack([arrivals, np.full_like(nothing, slot), np.full_like(nothing, place), at_end]),
        )

    def add_kept(self, uses: Sequence[DayUse]) -> None:
        roads = {(r.from_place, r.to_place, r.form): r for r in self.table.network.roads}
        for use in uses:
            if not use.is_road:
                self.rows.at_place(use.from_place, use.form, use.at_min)
            elif (use.from_place, use.to_place, use.form) in roads:
                self.rows.on_road(roads[use.from_place, use.to_place, use.form], use.at_min)

    # --- boardings and arrivals -------------------------------------------------------------------------

    def _slot(self, slot: Slot) -> int:
        table = self.table
        if slot not in table.slot_number:
            table.slot_number[slot] = len(table.slots)
            table.slots.append(slot)
        return table.slot_number[slot]

    def _gate(self, gate: Slot) -> int:
        if gate not in self.gate_number:
            self.gate_number[gate] = len(self.table.gates)
            self.table.gates.append(gate)
        return self.gate_number[gate]

    def _board(self, gate: Slot, gate_min: int, departs_min: int, day_row: int) -> int:
        place = gate[0]
        loose, boxed = (
            self.rows.at_place(place, form, departs_min) if (place, form) in self.origins else -1
            for form in FORMS
        )
        self.boardings.append((gate_min, self._gate(gate), day_row, loose, boxed))
        return len(self.boardings) - 1

    def _arrive(self, slot: Slot, free_min: int, arcs: list[Arc]) -> None:
        place, _, form, _ = slot
        day_row = self.rows.at_place(place, form, free_min)
        self.arrivals.append((free_min, self._slot(slot), self.table.place_number[place], day_row))
        self.arcs_into.append(arcs)

    # --- arrays -----------------------------------------------------------------------------------------

    def finish(self) -> None:
        table = self.table
        for place, form in sorted(self.origins):
            self._slot((place, ORIGIN, form, False))
        arrays = table.arrays
        boardings = np.concatenate([_matrix(self.boardings, 5), *self.roads.boardings])
        arrivals = np.concatenate([_matrix(self.arrivals, 4), *self.roads.arrivals])
        num_arcs = [len(into) for into in self.arcs_into]
        arcs = np.concatenate(
            [
                _matrix([arc for into in self.arcs_into for arc in into], 5),
                self.roads.arcs(len(self.boardings), NO_DEPARTURE),
            ]
        )
        arc_arrival = np.concatenate(
            [
                np.repeat(np.arange(len(num_arcs)), num_arcs),
                len(num_arcs) + np.arange(len(arrivals) - len(num_arcs)),
            ]
        )
        # Boardings and arrivals are numbered by time: a sweep then reads their arrays from front to back.
        boarding_order = np.argsort(boardings[:, 0], kind="stable")
        arrival_order = np.argsort(arrivals[:, 0], kind="stable")
        boardings, arrivals = boardings[boarding_order], arrivals[arrival_order]
        arcs[:, 0] = _inverse(boarding_order)[arcs[:, 0]]
        arc_arrival = _inverse(arrival_order)[arc_arrival]
        arc_order = np.argsort(arc_arrival, kind="stable")
        arcs, arc_arrival = arcs[arc_order], arc_arrival[arc_order]
        arrays["arrival_min"], arrays["arrival_slot"], arrays["arrival_place"], arrival_row = _columns(
            arrivals
        )
        arrays["boarding_min"], arrays["boarding_gate"], boarding_row, *at_origin = _columns(boardings)
        num_arrivals, num_boardings = len(arrivals), len(boardings)
        (
            arrays["arc_boarding"],
            arrays["arc_pair"],
            arrays["arc_leg_from"],
            arrays["arc_leg_to"],
            arrays["arc_departure"],
        ) = _columns(arcs)
        arrays["arc_arrival"] = arc_arrival
        arrays["arrival_arcs"] = np.searchsorted(arc_arrival, np.arange(num_arrivals + 1))
        arrays["boarding_day"] = self._days_of_boardings()
        # Arrivals come before boardings of the same minute: zero hours of handling are allowed.
        time = np.concatenate([arrays["arrival_min"], arrays["boarding_min"]])
        node = np.concatenate([np.arange(num_arrivals), num_arrivals + 1 + np.arange(num_boardings)])
        order = np.lexsort((node, time))
        arrays["event_min"], arrays["event_node"] = time[order].astype(np.int32), node[order].astype(np.int32)
        table.slot_arrivals = self._by_slot(arrays["arrival_slot"], arrays["arrival_min"])
        self._lay_out_rows(arrival_row, boarding_row, np.array(at_origin).reshape(2, -1))
        self._lay_out_transfers()
        self._lay_out_storage()

    def _lay_out_rows(self, arrival_row: Ints, boarding_row: Ints, origin_row: Ints) -> None:
        """Number all rows: legs, days, held space, what boards chartered departures."""
        table, arrays, rows = self.table, self.table.arrays, self.rows
        num_legs, num_days, num_held = len(rows.leg_capacity), len(rows.day_rows), len(rows.held_legs)

        def numbered(day_row: Ints) -> Ints:
            return np.where(day_row >= 0, day_row + num_legs, -1).astype(np.int64)

        arrays["arrival_row"], arrays["boarding_row"] = numbered(arrival_row), numbered(boarding_row)
        arrays["boarding_origin_row"] = numbered(origin_row)
        table.day_rows = {num_legs + number: row for number, row in enumerate(rows.day_rows)}
        held_legs = np.array(rows.held_legs, dtype=np.int64)
        table.held_of_claim = {
            claim: (np.array(held, dtype=np.int64) + num_legs + num_days, held_legs[held])
            for claim, held in rows.held_of_claim.items()
        }
        table.held_units = {num_legs + num_days + number: u for number, u in enumerate(rows.held_units)}
        first_boarded = num_legs + num_days + num_held
        table.boarded_row = {
            departure: first_boarded + number for number, departure in enumerate(self.chartered)
        }
        unlimited = [NO_LIMIT] * len(self.chartered)
        arrays["row_capacity"] = np.array(
            [*rows.leg_capacity, *rows.day_capacity, *rows.held_capacity, *unlimited], dtype=np.int64
        )

    def _days_of_boardings(self) -> Ints:
        """Local day of each boarding's gate."""
        table, arrays = self.table, self.table.arrays
        zones = [table.network.places[gate[0]].time_zone for gate in table.gates]
        days = np.zeros(len(arrays["boarding_min"]), dtype=np.int64)
        for zone, at in _by_zone(zones, arrays["boarding_gate"]):
            days[at] = day_numbers(arrays["boarding_min"][at], zone)
        return days

    def _by_slot(self, slot: Ints, time: Ints) -> list[Ints]:
        order = np.lexsort((time, slot))
        bounds = np.searchsorted(slot[order], np.arange(len(self.table.slots) + 1))
        return [order[bounds[s] : bounds[s + 1]].astype(np.int64) for s in range(len(self.table.slots))]

    def _lay_out_transfers(self) -> None:
        table = self.table
        slots_at: dict[PlaceId, list[int]] = {}
        for number, (place, _, _, _) in enumerate(table.slots):
            slots_at.setdefault(place, []).append(number)
        bounds = [0]
        for gate, (place, to_mode, to_form, _) in enumerate(table.gates):
            for slot in slots_at.get(place, ()):
                _, from_mode, from_form, _ = table.slots[slot]
                row = table.handling.find(place, from_mode, to_mode, from_form, to_form)
                if row is not None:
                    table.transfers.append(Transfer(slot, gate, row))
            bounds.append(len(table.transfers))
        arrays = table.arrays
        arrays["gate_transfers"] = np.array(bounds, dtype=np.int64)
        arrays["transfer_slot"] = np.array([t.slot for t in table.transfers], dtype=np.int64)
        arrays["transfer_gate"] = np.array([t.gate for t in table.transfers], dtype=np.int64)
        arrays["transfer_min"] = np.array([t.handling.handling_min for t in table.transfers], dtype=np.int64)
        arrays["slot_form"] = np.array([FORM_NUMBER[slot[2]] for slot in table.slots], dtype=np.int64)
        arrays["gate_form"] = np.array([FORM_NUMBER[gate[2]] for gate in table.gates], dtype=np.int64)

    def _lay_out_storage(self) -> None:
        table = self.table
        number_of: dict[StorageRule, int] = {}
        for place, _, form, _ in table.gates:
            tiers = storage_tiers(table.network, table.network.places[place], form)
            if not tiers:
                continue
            limits = [tier.max_dwell_min for tier in tiers if tier.max_dwell_min is not None]
            # Most places charge the same: what is worked out by rule is worked out once for all of them.
            nameless = tuple(replace(tier, place_or_kind="", form="", source="") for tier in tiers)
            charged = StorageRule(nameless, min(limits, default=NO_LIMIT))
            table.rule_of[place, form] = number_of.setdefault(charged, len(number_of))
        table.rules = list(number_of)
        table.num_tiers = max([1, *(len(rule.tiers) for rule in table.rules)])
        arrays = table.arrays
        arrays["transfer_rule"] = np.array(
            [
                table.rule_of.get((table.gates[t.gate][0], table.gates[t.gate][2]), -1)
                for t in table.transfers
            ],
            dtype=np.int64,
        )
        arrays["rule_max_dwell"] = np.array(
            [rule.max_dwell_min for rule in table.rules] or [NO_LIMIT], np.int64
        )
        arrays["rule_tiers"] = np.array([len(rule.tiers) for rule in table.rules] or [0], np.int64)
        days = np.zeros((2, table.num_arrivals + 1, table.num_tiers), dtype=np.int64)
        by_place = np.argsort(arrays["arrival_place"], kind="stable")
        bounds = np.searchsorted(arrays["arrival_place"][by_place], np.arange(len(table.place_number) + 1))
        for (place, form), rule in table.rule_of.items():
            number = table.place_number[place]
            arrivals = by_place[bounds[number] : bounds[number + 1]]
            zone = table.network.places[place].time_zone
            for tier, row in enumerate(table.rules[rule].tiers):
                came = arrays["arrival_min"][arrivals] + row.from_min
                days[FORM_NUMBER[form], arrivals, tier] = day_numbers(came, zone)
        arrays["arrival_tier_day"] = days


class _Roads:
    """Dispatches of all roads: each is one boarding, one arrival and the arc between them."""

    def __init__(self) -> None:
        self.boardings: list[Ints] = []  # time, gate, day rows
        self.arrivals: list[Ints] = []  # time, slot, place, day row
        self._pairs: list[Ints] = []

    def add(self, pair: int, boardings: Ints, arrivals: Ints) -> None:
        self.boardings.append(boardings)
        self.arrivals.append(arrivals)
        self._pairs.append(np.full(len(boardings), pair, dtype=np.int64))

    def arcs(self, first_boarding: int, departure: int) -> Ints:
        """An arc for each dispatch; boardings are numbered on from the first."""
        pairs = np.concatenate([np.zeros(0, dtype=np.int64), *self._pairs])
        boardings = first_boarding + np.arange(len(pairs))
        nothing = np.zeros_like(pairs)
        return np.column_stack([boardings, pairs, nothing, nothing, np.full_like(pairs, departure)])


def _each(times: Ints, row_of: Callable[[int], int]) -> Ints:
    return np.array([row_of(time) for time in times.tolist()], dtype=np.int64)


def _matrix(rows: Sequence[tuple[int, ...]], columns: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(-1, columns)


def _inverse(order: Ints) -> Ints:
    """New number of each old one."""
    numbers = np.empty_like(order)
    numbers[order] = np.arange(len(order))
    return numbers


def _by_zone(zones: Sequence[str], owner: Ints) -> Iterator[tuple[str, Ints]]:
    """Time zones, and what belongs to an owner that lies there."""
    names = sorted(set(zones))
    number = np.array([names.index(zone) for zone in zones], dtype=np.int64)[owner]
    for position, name in enumerate(names):
        yield name, np.flatnonzero(number == position)


def _columns(rows: npt.NDArray[np.int64]) -> tuple[Ints, ...]:
    return tuple(np.ascontiguousarray(rows[:, c]) for c in range(rows.shape[1]))
