"""Answers questions about single shipments over one timetable: Pareto set, earliest, latest ready.

A router is made once for a horizon and asked many times, for any origin, type, size and ready time. Its
searches share buffers: one question at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.errors import SolverError
from planner.model.batches import Batch
from planner.model.ids import ServiceId
from planner.model.problem import Network, Problem, Terms
from planner.model.services import ORIGIN
from planner.model.vehicles import BOXED, FORMS, LOOSE
from planner.network.kept import list_day_uses
from planner.network.lay_out import build_timetable
from planner.network.timetable import FORM_NUMBER, Ints
from planner.solver.columns import Column
from planner.solver.earliest import Scan, make_scan, scan
from planner.solver.kernel import Layout
from planner.solver.labels import ARC, DONE, FIELDS, MOST_FRONT, PARENT, Bags, Shipment
from planner.solver.laid import Laid
from planner.solver.pareto import search
from planner.solver.shipment import Desk
from planner.solver.ticks import Tick, no_tick

FIRST_LABELS = 1 << 15
MOST_LABELS = 1 << 24
"""Labels of one search: 1.4 GB."""
MOST_CRITICAL = 62
"""Places that one mask can tell apart."""
MOST_BYTES_KEPT = 48 << 20
"""Events between places that are kept for questions to come."""
STATES = 3
"""Of cargo that has to meet nothing: loose, boxed, loose again."""

MOST_LABELS_KEPT = 1 << 17
"""Labels for which buffers are kept between searches."""

Chain = tuple[str, ...]
"""Services ridden, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An itinerary of a shipment as the search values it.

    Parameters
    ----------
    arcs
        Of the timetable, in order of travel.
    cents, minutes, grams
        Of the whole shipment, from ready to Delivered.
    """

    arcs: tuple[int, ...]
    cents: int
    minutes: int
    grams: int


class Router:
    """Searches over one timetable.

    Parameters
    ----------
    network
        Every place of it may be an origin.
    first_min, last_min
        Earliest ready and latest Delivered that may be asked for.
    terms
        Carrying rate, times, today.
    plan
        A problem whose kept itineraries have taken their room; its departures have to lie in the horizon.
    tick
        Called between searches; what it raises ends a question, and the next one may be asked.
    most_labels
        Labels that one search may hold.
    """

    def __init__(
        self,
        network: Network,
        first_min: int,
        last_min: int,
        *,
        terms: Terms,
        plan: Problem | None = None,
        tick: Tick = no_tick,
        most_labels: int = MOST_LABELS,
    ) -> None:
        self._tick, self._most_labels = tick, most_labels
        self.first_min, self.last_min = first_min, last_min
        others = Problem(network=network, batches=(), terms=terms) if plan is None else plan
        self.others = replace(others, network=network, terms=terms)
        self.timetable = build_timetable(
            network,
            [(place, form) for place in network.places for form in FORMS],
            first_min,
            last_min,
            times=terms.times,
            today=terms.today,
            kept_uses=[
                use
                for batch in self.others.batches
                for itinerary in self.others.kept.get(batch.id, ())
                for use in list_day_uses(self.others, batch, itinerary)
            ],
        )
        self.desk = Desk(self.others, self.timetable)
        self.laid = Laid(self.timetable, tell_classes=False, most_bytes=MOST_BYTES_KEPT)
        self._layout, self._rows = self.laid.layout, self.laid.rows
        self._bags = _make_bags(self._layout, FIRST_LABELS)
        self._scans: dict[int, Scan] = {}
        self._gate_times: dict[int, Ints] = {}
        self._stamp = 0

    # --- questions --------------------------------------------------------------------------------------

    def pareto(self, batch: Batch, unwanted: Sequence[Chain] = ()) -> list[Found]:
        """Itineraries that no other outdoes in cents, minutes and grams, cheapest first; exact.

        Of equal ones there is one. Several places may not be met twice: where the best walks do, these
        places are told apart and the search is repeated until none does.

        Parameters
        ----------
        unwanted
            Chains of services that no answer may have, roads aside.

        Raises
        ------
        SolverError
            If the search needs more labels or critical places than there may be.
        """
        critical: list[int] = []
        trie, trie_ends = self._trie(unwanted)
        while True:
            self._tick()
            found = self._search(batch, critical, trie, trie_ends)
            more = sorted({place for one in found for place in self._met_twice(one.arcs)})
            if not more:
                return sorted(found, key=lambda one: (one.cents, one.minutes, one.grams, one.arcs))
            critical += more
            if len(critical) > MOST_CRITICAL:
                raise SolverError(f"shipment {batch.id}: over {MOST_CRITICAL} places would be met twice")

    def earliest(self, batch: Batch) -> tuple[tuple[int, ...], int] | None:
        """Arcs and minutes of the itinerary that is delivered first, whatever it costs; ``None`` if none."""
        walk = self.scan(batch)
        if walk is None:
            return None
        arcs, minutes = walk
        charters = self.desk.charters.number_of[self.timetable.arrays["arc_departure"][list(arcs)]]
        if not self._met_twice(arcs) and (charters < 0).all():
            return arcs, minutes
        # The scan knows neither places met nor least loads of charters: here the whole search has to tell.
        ways = self.pareto(batch)
        if not ways:
            return None
        first = min(ways, key=lambda one: (one.minutes, one.cents, one.grams))
        return first.arcs, first.minutes

    def scan(self, batch: Batch, *, whatever_room: bool = False) -> tuple[tuple[int, ...], int] | None:
        """Arcs and minutes of the walk that is delivered first: no itinerary is earlier.

        Least loads of charters do not count; nor does room, if so asked.
        """
        self._tick()
        stop_min = self._latest(batch)
        source_state = self._place_source(batch)
        states = STATES << batch.num_marks
        if states not in self._scans:
            self._scans[states] = make_scan(self._layout, states)
        buffers = self._scans[states]
        self._stamp += 1
        shipment = self.desk.shipment(batch, money=False)
        if whatever_room:
            shipment = _with_all_room(shipment)
        delivered, arrival, state = scan(
            self._events(batch), shipment, buffers, source_state, states, self._stamp, stop_min
        )
        if arrival < 0:
            return None
        arcs: list[int] = []
        while arrival != self.timetable.num_arrivals:
            arc, left = (int(number) for number in buffers.came_by[arrival, state])
            arcs.append(arc)
            arrival, state = buffers.left_from[self.timetable.arrays["arc_boarding"][arc], left]
        return tuple(reversed(arcs)), int(delivered) - batch.ready_min

    def meets_twice(self, arcs: Sequence[int]) -> bool:
        """Whether a walk meets some place twice, so that it is no itinerary."""
        return bool(self._met_twice(arcs))

    def departures_of(self, found: Found) -> list[int]:
        """Departures ridden, by number."""
        numbers: list[int] = self.timetable.arrays["arc_departure"][list(found.arcs)].tolist()
        return [number for number in numbers if number >= 0]

    def column(self, batch: Batch, number: int, found: Found) -> Column:
        """An itinerary as a choice takes it; ``number`` of the batch in its problem.

        It says what room is taken; money is worked out again from the stages.
        """
        table, arrays = self.timetable, self.timetable.arrays
        arcs = list(found.arcs)
        vehicle_rows, box_rows = self._rows.rows_of(
            batch, self.others.vehicle_type_of(batch), arcs, self.desk.fares_of(batch).pair_units
        )
        pairs = [table.pairs[number] for number in arrays["arc_pair"][arcs].tolist()]
        departures = arrays["arc_departure"][arcs].tolist()
        return Column(
            batch=number,
            arcs=found.arcs,
            vehicle_cents=0,
            box_cents=0,
            minutes=found.minutes,
            vehicle_rows=vehicle_rows,
            box_rows=box_rows,
            run=found.arcs if any(pair.form == BOXED for pair in pairs) else None,
            chain=tuple(
                (departure, pair.board_call, pair.alight_call)
                for departure, pair in zip(departures, pairs, strict=True)
                if pair.service is not None
            ),
        )

    def latest_ready(self, batch: Batch, since_min: int | None = None) -> tuple[int, list[Found]] | None:
        """Latest ready time with which due can still be made, and the Pareto set of it; ``None`` if none.

        Whoever is ready later may be too early no longer, since nothing may be held too long, nor shut out of
        space that is held for others until then; so every minute that matters is asked by itself: a ready
        time is the latest for some first boarding, or it could be later.

        Parameters
        ----------
        since_min
            Earliest that is looked at; ``None`` = that of the router.
        """
        first_min = self.first_min if since_min is None else max(since_min, self.first_min)
        for ready_min in self._last_moments(batch, first_min):
            asked = replace(batch, ready_min=ready_min, late_price=None)
            if self.scan(asked) is None:
                continue
            found = self.pareto(asked)
            if found:
                return ready_min, found
        return None

    # --- how --------------------------------------------------------------------------------------------

    def _search(self, batch: Batch, critical: Sequence[int], trie: Ints, trie_ends: Ints) -> list[Found]:
        stop_min = self._latest(batch)
        source_state = self._place_source(batch)
        shipment, to_go = self.desk.shipment(batch), self.desk.to_go(batch)
        layout = self._events(batch)
        place_bit = np.zeros(len(self.timetable.place_number), dtype=np.int64)
        for bit, place in enumerate(critical):
            place_bit[place] = 1 << bit
        while True:
            self._stamp += 1
            num_front, _, code = search(
                layout,
                self.timetable.arrays["arc_departure"],
                shipment,
                to_go,
                self.desk.charters,
                self._bags,
                trie,
                trie_ends,
                place_bit,
                source_state,
                self._stamp,
                stop_min,
            )
            if code == DONE:
                break
            size = 2 * len(self._bags.labels)
            if size > self._most_labels:
                self._bags = _make_bags(self._layout, FIRST_LABELS, self._bags)
                raise SolverError(f"shipment {batch.id}: more than {self._most_labels:,} ways to be compared")
            self._tick()
            self._bags = _make_bags(self._layout, size, self._bags)
        front = self._bags.front[:num_front].tolist()
        found = [
            Found(arcs=self._arcs_to(label), cents=cents, minutes=minutes, grams=grams)
            for minutes, cents, grams, label in front
        ]
        if len(self._bags.labels) > MOST_LABELS_KEPT:
            self._bags = _make_bags(self._layout, FIRST_LABELS, self._bags)
        return found

    def _arcs_to(self, label: int) -> tuple[int, ...]:
        labels = self._bags.labels
        arcs = []
        while label >= 0:
            if labels[label, ARC] >= 0:
                arcs.append(int(labels[label, ARC]))
            label = int(labels[label, PARENT])
        return tuple(reversed(arcs))

    def _met_twice(self, arcs: Sequence[int]) -> list[int]:
        arrays = self.timetable.arrays
        places = Counter(arrays["arrival_place"][arrays["arc_arrival"][list(arcs)]].tolist())
        return [place for place, times in places.items() if times > 1]

    def _trie(self, chains: Sequence[Chain]) -> tuple[Ints, Ints]:
        """Chains as a tree: where a service leads from a node, -1 = off them all; where a chain ends."""
        nodes: list[dict[int, int]] = [{}] if chains else []
        ends: list[bool] = [False] * len(nodes)
        for chain in chains:
            node = 0
            for service in chain:
                number = self.desk.service_number[ServiceId(service)]
                if number not in nodes[node]:
                    nodes[node][number] = len(nodes)
                    nodes.append({})
                    ends.append(False)
                node = nodes[node][number]
            ends[node] = True
        table = np.full((len(nodes), max(1, len(self.desk.service_number))), -1, dtype=np.int64)
        for node, onward in enumerate(nodes):
            for number, child in onward.items():
                table[node, number] = child
        return table, np.array(ends, dtype=np.int64)

    def _latest(self, batch: Batch) -> int:
        latest = self.others.terms.latest_delivery_min(batch)
        if not self.first_min <= batch.ready_min <= latest <= self.last_min:
            raise ValueError(f"shipment {batch.id} is not within the horizon of the router")
        return latest

    def _place_source(self, batch: Batch) -> int:
        """Put the source of the searches at the origin; the state in which cargo starts."""
        layout, table = self._layout, self.timetable
        first_form = self.others.vehicle_type_of(batch).first_form
        layout.arrival_min[-1] = batch.ready_min
        layout.arrival_place[-1] = table.place_number[batch.origin]
        layout.arrival_slot[-1] = table.slot_number[batch.origin, ORIGIN, first_form, False]
        for form, number in FORM_NUMBER.items():
            layout.arrival_tier_day[number, -1] = table.tier_days(batch.origin, form, batch.ready_min)
        return FORM_NUMBER[BOXED if first_form == BOXED else LOOSE]

    def _events(self, batch: Batch) -> Layout:
        number = self.timetable.place_number
        between = self.laid.reach(()).events_between(number[batch.origin], [number[batch.destination]])
        return self._layout._replace(
            event_min=between.event_min, event_node=between.event_node, to_go=between.to_go
        )

    def _last_moments(self, batch: Batch, first_min: int) -> list[int]:
        """Ready times that just reach some first boarding, latest first, of those that leave time enough."""
        table, arrays = self.timetable, self.timetable.arrays
        fares = self.desk.fares_of(batch)
        first_form = self.others.vehicle_type_of(batch).first_form
        source = table.slot_number[batch.origin, ORIGIN, first_form, False]
        to_go = self.desk.to_go(batch).gate_min
        moments: set[int] = set()
        for transfer in np.flatnonzero(arrays["transfer_slot"] == source):
            gate = int(arrays["transfer_gate"][transfer])
            times = self._boardings_of(gate)
            ready = times - fares.transfer_min[transfer]
            in_time = (ready >= first_min) & (times + to_go[gate] <= batch.due_min)
            moments.update(ready[in_time].tolist())
        return sorted(moments, reverse=True)

    def _boardings_of(self, gate: int) -> Ints:
        """Times of all boardings of a gate."""
        if gate not in self._gate_times:
            arrays = self.timetable.arrays
            self._gate_times[gate] = arrays["boarding_min"][arrays["boarding_gate"] == gate]
        return self._gate_times[gate]


def _with_all_room(shipment: Shipment) -> Shipment:
    return shipment._replace(
        blocked=np.zeros_like(shipment.blocked),
        arrival_open=np.ones_like(shipment.arrival_open),
        boarding_open=np.ones_like(shipment.boarding_open),
        origin_open=np.ones_like(shipment.origin_open),
    )


def _make_bags(layout: Layout, size: int, before: Bags | None = None) -> Bags:
    """Buffers with room for so many labels; all but the labels are those of ``before``."""
    own = {
        "labels": np.zeros((size, FIELDS), dtype=np.int64),
        "hold_label": np.zeros(2 * size, dtype=np.int64),
        "hold_next": np.zeros(2 * size, dtype=np.int64),
    }
    if before is not None:
        return before._replace(**own)
    events = len(layout.arrival_min) + len(layout.boarding_min)
    transfers = len(layout.transfer_slot)
    return Bags(
        **own,
        first=np.zeros(events, dtype=np.int64),
        behind=np.zeros(events, dtype=np.int64),
        stamp=np.zeros(events, dtype=np.int64),
        live=np.zeros(len(layout.slot_list) + 1, dtype=np.int64),
        num_live=np.zeros(len(layout.slot_form), dtype=np.int64),
        reached=np.zeros(transfers, dtype=np.int64),
        held=np.zeros(transfers, dtype=np.int64),
        front=np.zeros((MOST_FRONT, 4), dtype=np.int64),
    )
