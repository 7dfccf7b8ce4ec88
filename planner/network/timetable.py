"""Dated departures as arrays: what the pricing sweep runs over.

An *arrival* is a dated end of a ride or road, a *boarding* a dated start. A *slot* is (place, mode, form) in
which cargo arrives, a *gate* (place, mode, form) through which it leaves; a *transfer* is a slot, a gate and
the handling row between them. An *arc* joins a boarding to an arrival of the same departure. A *pair* is the
undated arc (service, board call, alight call) or a road: prices belong to pairs. Batches start from one extra
arrival, numbered ``num_arrivals``, whose time and slot belong to the source of a sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from planner.clock import day_number
from planner.model.ids import PlaceId
from planner.model.problem import Network
from planner.model.services import ORIGIN, ROAD, Service
from planner.model.tariffs import Handling, Road, StorageTier
from planner.model.vehicles import FORMS
from planner.network.roll_out import Departure, list_departures, list_dispatches
from planner.network.rules import HandlingRules, storage_tiers

Ints = npt.NDArray[np.int64]
NO_LIMIT = 1 << 60
"""Stands for "any dwell" (minutes) and "any room" (units) in the arrays."""
FORM_NUMBER = {form: number for number, form in enumerate(FORMS)}

Slot = tuple[PlaceId, str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """An undated ride (service and call numbers) or a road."""

    service: Service | None
    board_call: int
    alight_call: int
    road: Road | None

    @property
    def form(self) -> str:
        """Form in which cargo travels."""
        if self.service is not None:
            return self.service.form
        return self.get_road().form

    @property
    def mode(self) -> str:
        """Mode of the service, or road."""
        return ROAD if self.service is None else self.service.mode

    @property
    def ends(self) -> tuple[PlaceId, PlaceId]:
        """Places of boarding and alighting."""
        if self.service is not None:
            return self.service.calls[self.board_call].place, self.service.calls[self.alight_call].place
        road = self.get_road()
        return road.from_place, road.to_place

    def places_between(self) -> list[PlaceId]:
        """Places of the calls that a ride goes through."""
        if self.service is None:
            return []
        return [call.place for call in self.service.calls[self.board_call + 1 : self.alight_call]]

    def get_road(self) -> Road:
        """The road of a pair that is no ride."""
        if self.road is None:
            raise LookupError("the pair is a ride of a service, not a road")
        return self.road


@dataclass(frozen=True, slots=True)
class Transfer:
    """A possible change at a place: from a slot through a gate by a handling row."""

    slot: int
    gate: int
    handling: Handling


@dataclass(frozen=True, slots=True)
class StorageRule:
    """Tiers of a form at a place and the longest dwell."""

    tiers: tuple[StorageTier, ...]
    max_dwell_min: int


@dataclass(slots=True)
class Timetable:
    """Arrays sorted by time; treat as immutable after :func:`build_timetable`.

    Shapes: A arrivals, B boardings, R arcs, L legs, E events, T transfers, K most tiers of a rule.

    event_min, event_node : int64[E]   time; arrival number, or A + 1 + boarding number
    arrival_min : int64[A]   alight + release
    arrival_slot, arrival_place : int64[A]   numbers
    arrival_arcs : int64[A+1]   arcs into each arrival
    arrival_tier_day : int64[2, A, K]   D(in + from of tier) for leaving loose / boxed
    boarding_min, boarding_day, boarding_gate : int64[B]   gate time, D(out), gate number
    arc_boarding, arc_arrival, arc_pair, arc_leg_from, arc_leg_to : int64[R]   legs used: [from, to)
    leg_capacity : int64[L]   counting units, NO_LIMIT = unlimited
    gate_transfers : int64[G+1]   transfers of each gate
    transfer_slot, transfer_min, transfer_rule : int64[T]
    slot_arrivals : per slot the arrival numbers by time
    """

    network: Network
    first_min: int
    last_min: int
    departures: list[Departure] = field(default_factory=list)
    departure_first_leg: list[int] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    place_number: dict[PlaceId, int] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    slot_number: dict[Slot, int] = field(default_factory=dict)
    gates: list[Slot] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    rules: list[StorageRule] = field(default_factory=list)
    handling: HandlingRules = field(init=False)
    arrays: dict[str, Ints] = field(default_factory=dict)
    slot_arrivals: list[Ints] = field(default_factory=list)
    arc_departure: list[int] = field(default_factory=list)
    leg_departure: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.handling = HandlingRules(self.network)

    @property
    def num_arrivals(self) -> int:
        """A; also the number of the extra arrival that a source starts from."""
        return len(self.arrays["arrival_min"])

    @property
    def num_legs(self) -> int:
        """Legs of all departures."""
        return len(self.arrays["leg_capacity"])

    def tier_days(self, place: PlaceId, form: str, at_min: int) -> list[int]:
        """D(in + from) of each tier for cargo that comes in at ``at_min`` and leaves in ``form``."""
        zone = self.network.places[place].time_zone
        tiers = self.rules[self.rule_of[place, form]].tiers if (place, form) in self.rule_of else ()
        days = [day_number(at_min + tier.from_min, zone) for tier in tiers]
        return days + [0] * (self.num_tiers - len(days))

    rule_of: dict[tuple[PlaceId, str], int] = field(default_factory=dict)
    num_tiers: int = 1


def build_timetable(
    network: Network, origins: Sequence[tuple[PlaceId, str]], first_min: int, last_min: int
) -> Timetable:
    """Roll out all services and roads between two times and lay them out as arrays.

    Parameters
    ----------
    origins
        Places and first forms from which batches start.
    first_min, last_min
        Earliest ready and latest Delivered of any batch.
    """
    table = Timetable(network=network, first_min=first_min, last_min=last_min)
    table.place_number = {place: number for number, place in enumerate(network.places)}
    layout = _Layout(table)
    for service in network.services.values():
        layout.add_service(service)
    for road in network.roads:
        layout.add_road(road)
    layout.finish(origins)
    return table


class _Layout:
    """Collects rows, then turns them into arrays."""

    def __init__(self, table: Timetable) -> None:
        self.table = table
        self.gate_number: dict[Slot, int] = {}
        self.arrivals: list[tuple[int, int, int]] = []  # time, slot, place
        self.arcs_into: list[list[tuple[int, int, int, int, int]]] = []
        self.boardings: list[tuple[int, int, int]] = []  # time, gate, local day
        self.leg_capacity: list[int] = []

    def add_service(self, service: Service) -> None:
        table = self.table
        freight = {
            (row.from_place, row.to_place)
            for row in table.network.tariffs
            if row.service_id == service.id and row.charge == "freight"
        }
        calls = service.calls
        pair_of: dict[tuple[int, int], int] = {}
        for i, board in enumerate(calls):
            for j in range(i + 1, len(calls)):
                ends = (board.place, calls[j].place)
                if board.load and calls[j].unload and ends[0] != ends[1] and ends in freight:
                    pair_of[i, j] = len(table.pairs)
                    table.pairs.append(Pair(service, i, j, None))
        if not pair_of:
            return
        board_calls = sorted({i for i, _ in pair_of})
        for departure in list_departures(table.network, service, table.first_min, table.last_min):
            number = len(table.departures)
            first_leg = len(self.leg_capacity)
            table.departures.append(departure)
            table.departure_first_leg.append(first_leg)
            for leg in range(len(calls) - 1):
                capacity = service.leg_capacity(leg)
                self.leg_capacity.append(NO_LIMIT if capacity is None else capacity)
                table.leg_departure.append(number)
            boarding_of = {
                i: self._board(calls[i].place, service.mode, service.form, departure.gate_min(i))
                for i in board_calls
                if departure.gate_min(i) >= table.first_min
            }
            for j in sorted({j for _, j in pair_of}):
                arcs = [
                    (boarding_of[i], pair_of[i, j], first_leg + i, first_leg + j, number)
                    for i in board_calls
                    if i in boarding_of and (i, j) in pair_of
                ]
                if arcs and departure.free_min(j) <= table.last_min:
                    self._arrive(calls[j].place, service.mode, service.form, departure.free_min(j), arcs)

    def add_road(self, road: Road) -> None:
        table = self.table
        pair = len(table.pairs)
        table.pairs.append(Pair(None, 0, 0, road))
        for dispatch in list_dispatches(
            table.network, road, table.first_min, table.last_min - road.travel_min
        ):
            boarding = self._board(road.from_place, ROAD, road.form, dispatch)
            self._arrive(
                road.to_place, ROAD, road.form, dispatch + road.travel_min, [(boarding, pair, 0, 0, -1)]
            )

    def _slot(self, slot: Slot) -> int:
        table = self.table
        if slot not in table.slot_number:
            table.slot_number[slot] = len(table.slots)
            table.slots.append(slot)
        return table.slot_number[slot]

    def _board(self, place: PlaceId, mode: str, form: str, gate_min: int) -> int:
        gate = (place, mode, form)
        if gate not in self.gate_number:
            self.gate_number[gate] = len(self.table.gates)
            self.table.gates.append(gate)
        zone = self.table.network.places[place].time_zone
        self.boardings.append((gate_min, self.gate_number[gate], day_number(gate_min, zone)))
        return len(self.boardings) - 1

    def _arrive(
        self, place: PlaceId, mode: str, form: str, free_min: int, arcs: list[tuple[int, int, int, int, int]]
    ) -> None:
        self.arrivals.append((free_min, self._slot((place, mode, form)), self.table.place_number[place]))
        self.arcs_into.append(arcs)

    def finish(self, origins: Sequence[tuple[PlaceId, str]]) -> None:
        table = self.table
        for place, form in origins:
            self._slot((place, ORIGIN, form))
        self._number_by_time()
        arrays = table.arrays
        arrivals = np.array(self.arrivals, dtype=np.int64).reshape(-1, 3)
        boardings = np.array(self.boardings, dtype=np.int64).reshape(-1, 3)
        arrays["arrival_min"], arrays["arrival_slot"], arrays["arrival_place"] = _columns(arrivals)
        arrays["boarding_min"], arrays["boarding_gate"], arrays["boarding_day"] = _columns(boardings)
        num_arrivals, num_boardings = len(arrivals), len(boardings)
        arcs = [arc for into in self.arcs_into for arc in into]
        flat = np.array(arcs, dtype=np.int64).reshape(-1, 5)
        (
            arrays["arc_boarding"],
            arrays["arc_pair"],
            arrays["arc_leg_from"],
            arrays["arc_leg_to"],
            departure,
        ) = _columns(flat)
        table.arc_departure = [int(number) for number in departure]
        arrays["arrival_arcs"] = np.cumsum([0, *(len(into) for into in self.arcs_into)], dtype=np.int64)
        arrays["arc_arrival"] = np.repeat(np.arange(num_arrivals), [len(into) for into in self.arcs_into])
        arrays["leg_capacity"] = np.array(self.leg_capacity, dtype=np.int64)
        # Arrivals come before boardings of the same minute: zero hours of handling are allowed.
        time = np.concatenate([arrays["arrival_min"], arrays["boarding_min"]])
        node = np.concatenate([np.arange(num_arrivals), num_arrivals + 1 + np.arange(num_boardings)])
        order = np.lexsort((node, time))
        arrays["event_min"], arrays["event_node"] = time[order], node[order].astype(np.int64)
        table.slot_arrivals = self._by_slot(arrays["arrival_slot"], arrays["arrival_min"])
        self._lay_out_transfers()
        self._lay_out_storage()

    def _number_by_time(self) -> None:
        """Number arrivals and boardings by time: a sweep then reads their arrays from front to back."""
        by_time = sorted(range(len(self.boardings)), key=lambda number: self.boardings[number][0])
        new_number = {old: new for new, old in enumerate(by_time)}
        self.boardings = [self.boardings[old] for old in by_time]
        by_time = sorted(range(len(self.arrivals)), key=lambda number: self.arrivals[number][0])
        self.arrivals = [self.arrivals[old] for old in by_time]
        self.arcs_into = [
            [(new_number[boarding], *rest) for boarding, *rest in self.arcs_into[old]]  # type: ignore[misc]
            for old in by_time
        ]

    def _by_slot(self, slot: Ints, time: Ints) -> list[Ints]:
        order = np.lexsort((time, slot))
        bounds = np.searchsorted(slot[order], np.arange(len(self.table.slots) + 1))
        return [order[bounds[s] : bounds[s + 1]].astype(np.int64) for s in range(len(self.table.slots))]

    def _lay_out_transfers(self) -> None:
        table = self.table
        slots_at: dict[PlaceId, list[int]] = {}
        for number, (place, _, _) in enumerate(table.slots):
            slots_at.setdefault(place, []).append(number)
        bounds = [0]
        for gate, (place, to_mode, to_form) in enumerate(table.gates):
            for slot in slots_at.get(place, ()):
                _, from_mode, from_form = table.slots[slot]
                row = table.handling.find(place, from_mode, to_mode, from_form, to_form)
                if row is not None:
                    table.transfers.append(Transfer(slot, gate, row))
            bounds.append(len(table.transfers))
        arrays = table.arrays
        arrays["gate_transfers"] = np.array(bounds, dtype=np.int64)
        arrays["transfer_slot"] = np.array([t.slot for t in table.transfers], dtype=np.int64)
        arrays["transfer_min"] = np.array([t.handling.handling_min for t in table.transfers], dtype=np.int64)
        arrays["slot_form"] = np.array([FORM_NUMBER[form] for _, _, form in table.slots], dtype=np.int64)
        arrays["gate_form"] = np.array([FORM_NUMBER[form] for _, _, form in table.gates], dtype=np.int64)

    def _lay_out_storage(self) -> None:
        table = self.table
        for place, _, form in table.gates:
            if (place, form) in table.rule_of:
                continue
            tiers = storage_tiers(table.network, table.network.places[place], form)
            if tiers:
                limits = [tier.max_dwell_min for tier in tiers if tier.max_dwell_min is not None]
                table.rule_of[place, form] = len(table.rules)
                table.rules.append(StorageRule(tiers, min(limits, default=NO_LIMIT)))
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
        days = np.zeros((2, len(self.arrivals) + 1, table.num_tiers), dtype=np.int64)
        place_of = list(table.place_number)
        for form in FORMS:
            for arrival, (free_min, _, place_number) in enumerate(self.arrivals):
                if (place_of[place_number], form) in table.rule_of:
                    days[FORM_NUMBER[form], arrival] = table.tier_days(place_of[place_number], form, free_min)
        arrays["arrival_tier_day"] = days


def _columns(rows: npt.NDArray[np.int64]) -> tuple[Ints, ...]:
    return tuple(np.ascontiguousarray(rows[:, c]) for c in range(rows.shape[1]))
