"""Pricing: the cheapest itineraries of every batch under given prices of room.

A *source* is what shares one sweep: origin, ready time, class of cargo and claim on held space. A *group* is
s vehicles of one batch that do the same and share one box where boxed; with s = vehicles per box and the cost
divided by s it prices a column of the relaxation, with s = 1..k it gives the terms of the bound with whole
boxes.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from planner.model.batches import Batch
from planner.model.problem import Problem
from planner.model.services import ORIGIN
from planner.model.vehicles import BOXED, LOOSE
from planner.network.fares import FareBook, Fares
from planner.network.kept import kept_parts
from planner.network.reach import Between
from planner.network.timetable import FORM_NUMBER, Ints, Timetable
from planner.network.type_fares import space_units
from planner.solver.column_maker import ColumnMaker
from planner.solver.columns import Column
from planner.solver.delivery import Weights, find_ends
from planner.solver.kernel import CEILING, INFINITE, Layout, Prices, Work, weighted
from planner.solver.laid import Laid
from planner.solver.layout import make_work
from planner.solver.recovery import recover
from planner.solver.room import RowPrices
from planner.solver.storage_rules import StoragePrices, storage_prices
from planner.solver.sweep import sweep


class Fareable(Protocol):
    """What knows the fares of a batch."""

    def fares_of(self, batch: Batch) -> Fares:
        """Prices of the class of a batch; the same object for the same class."""
        ...


MOST_PRICES_KEPT = 2_000
"""Prices of classes kept between sweeps; with a price on grams they are new in every round."""


@dataclass(frozen=True, slots=True)
class Source:
    """Batches that share one sweep.

    Parameters
    ----------
    part_of
        Vehicles over which bounds may spread what a part pays once: no part of its batches can have more.
        0 = leave it out: nothing is paid so, or kept vehicles may have paid.
    """

    origin: str
    ready_min: int
    fares: Fares
    batches: tuple[int, ...]
    vehicles_per_feu: int
    boxed_from_origin: bool
    num_states: int
    part_of: int


class _Swept(NamedTuple):
    """Events of the last sweeps, and the minutes between which they wrote costs."""

    between: Between
    first_min: int
    last_min: int


@dataclass(slots=True)
class _LastSwept:
    """What the buffers hold: of the last sweeps, by whichever pricer that shares them."""

    last: _Swept | None = None


class Pricer:
    """Sweeps sources of a problem over its timetable.

    Parameters
    ----------
    with_reference
        Let the unbookable reference services be ridden, each itinerary exactly once (the baseline).
    everywhere
        Sweep all of the map, also what leads to no destination of a source.
    book
        Fares of the same tables and terms over the same timetable, to go on with; batches may differ.
    laid
        What another pricer over the same timetable has laid out.
    """

    def __init__(
        self,
        problem: Problem,
        timetable: Timetable,
        *,
        with_reference: bool = False,
        everywhere: bool = False,
        book: Fareable | None = None,
        laid: Laid | None = None,
    ) -> None:
        self.problem = problem
        self.timetable = timetable
        fares: Fareable = book or FareBook(problem, timetable, with_reference=with_reference)
        self._with_reference = with_reference
        self._everywhere = everywhere
        self._book = fares
        self.laid = laid or Laid(timetable)
        self._layout, self._rows = self.laid.layout, self.laid.rows
        self._work: Work = make_work(self._layout, 0)
        self._swept = _LastSwept()
        self._no_prices = self.row_prices(np.zeros(timetable.num_rows, dtype=np.int64))
        self._price_cache: dict[tuple[int, ...], Prices] = {}
        self._storage_cache: dict[tuple[str, int, int], StoragePrices] = {}
        self._take_batches()

    def for_batches(self, problem: Problem) -> Pricer:
        """Pricer of other batches over the same timetable, tables and terms the same.

        The two share their buffers: what one has swept is gone once the other sweeps.
        """
        other = copy(self)
        other.problem = problem
        other._take_batches()  # noqa: SLF001 - of the same class
        return other

    # --- set-up -----------------------------------------------------------------------------------------

    def _take_batches(self) -> None:
        problem, timetable = self.problem, self.timetable
        self.fares = [self._book.fares_of(batch) for batch in problem.batches]
        classes = {id(one): one for one in self.fares}.values()
        self._reach = None if self._everywhere else self.laid.reach(classes)
        self._paid = [set(kept_parts(problem, timetable, batch)) for batch in problem.batches]
        marks = [self._num_marks(batch) for batch in range(len(problem.batches))]
        num_states = 3 << max(marks, default=0)
        if self._work.arrived.shape[1] < num_states:
            self._work, self._swept = make_work(self._layout, num_states), _LastSwept()
        self.ends = [
            find_ends(problem, timetable, batch, fares.slot_after_min, (1 << num_marks) - 1)
            for batch, fares, num_marks in zip(problem.batches, self.fares, marks, strict=True)
        ]
        self.sources = self._group_sources()
        self._source_of = {batch: source for source in self.sources for batch in source.batches}
        self._maker = ColumnMaker(problem, timetable, self.fares, self._paid, self.laid)

    def _num_marks(self, batch: int) -> int:
        """Marks an itinerary of a batch has to meet: its vias and needed modes, or the reference ride."""
        return 1 if self._with_reference else self.problem.batches[batch].num_marks

    def _group_sources(self) -> list[Source]:
        groups: dict[tuple[object, ...], list[int]] = {}
        for number, batch in enumerate(self.problem.batches):
            claim = self.timetable.claim_of(batch) if self.timetable.held_of_claim else None
            pays = self._pays_for_parts(number)
            key = (batch.origin, batch.ready_min, id(self.fares[number]), claim, pays)
            groups.setdefault(key, []).append(number)
        sources = []
        # Sources over the same events follow each other: then nothing has to be forgotten between them.
        for members in sorted(groups.values(), key=self._ends_of):
            batch = self.problem.batches[members[0]]
            vehicle_type = self.problem.vehicle_type_of(batch)
            sources.append(
                Source(
                    origin=batch.origin,
                    ready_min=batch.ready_min,
                    fares=self.fares[members[0]],
                    batches=tuple(members),
                    vehicles_per_feu=max(1, vehicle_type.vehicles_per_feu),
                    boxed_from_origin=not vehicle_type.loose_allowed,
                    num_states=3 << self._num_marks(members[0]),
                    part_of=max(map(self._open_vehicles, members)) if self._pays_for_parts(members[0]) else 0,
                )
            )
        return sources

    def _ends_of(self, members: Sequence[int]) -> tuple[str, list[str]]:
        """Origin and destinations of batches."""
        batches = [self.problem.batches[member] for member in members]
        return batches[0].origin, sorted({batch.destination for batch in batches})

    def _pays_for_parts(self, batch: int) -> bool:
        """Whether a batch pays what a part pays once on every ride that asks for it.

        Where kept vehicles have paid for a chain of rides, that can't be told of a single ride.
        """
        return self.fares[batch].has_part_charges and not any(self._paid[batch])

    def _open_vehicles(self, batch: int) -> int:
        return self.problem.open_vehicles(self.problem.batches[batch])

    def source_of(self, batch: int) -> Source:
        """The source whose sweep serves a batch."""
        return self._source_of[batch]

    # --- prices -----------------------------------------------------------------------------------------

    def _prices(
        self, source: Source, vehicles: int, weights: Weights, rows: RowPrices, part_of: int
    ) -> Prices:
        fares = source.fares
        if not fares.has_part_charges:
            part_of = 0
        key = (id(fares), vehicles, weights.cents, weights.grams, weights.blend, part_of)
        if key not in self._price_cache:
            if len(self._price_cache) > MOST_PRICES_KEPT:
                self._price_cache.clear()
            money = weights.cents
            pair = fares.group_pairs(vehicles)
            counted = (
                weighted(pair, money)
                + weighted(fares.group_grams(vehicles), weights.grams)
                + weighted(fares.group_blend(vehicles), weights.blend)
            )
            if part_of:
                counted += weighted(fares.pair_part, money) // part_of * vehicles
            storage = self._storage_prices(fares, vehicles, money)
            self._price_cache[key] = Prices(
                pair=np.where(pair >= INFINITE, INFINITE, np.minimum(counted, CEILING)),
                pair_units=fares.group_units(vehicles),
                pair_mark=fares.pair_mark,
                once=np.int64(self._with_reference),
                transfer=weighted(fares.transfer_vehicle * vehicles + fares.transfer_box, money),
                transfer_min=fares.transfer_min,
                tier=storage.tier,
                rule_monotone=storage.monotone,
                rule_settles=storage.settles,
                rule_free=storage.free,
                leg_prefix=None,
                arrival=None,
                boarding=None,
                origin=None,
            )
        batch = self.problem.batches[source.batches[0]]
        first_form = FORM_NUMBER[BOXED if source.boxed_from_origin else LOOSE]
        return self._price_cache[key]._replace(
            leg_prefix=rows.prefix(self.timetable.claim_of(batch), self.timetable.held_rows(batch)),
            arrival=rows.arrival(vehicles),
            boarding=rows.boarding(vehicles),
            origin=rows.origin(first_form, vehicles),
        )

    def _storage_prices(self, fares: Fares, vehicles: int, money: int) -> StoragePrices:
        """Scaled storage of a group: the same for all classes of a type."""
        key = (fares.key.vehicle_type, vehicles, money)
        if key not in self._storage_cache:
            tier = weighted(fares.tier_vehicle * vehicles + fares.tier_box, money)
            self._storage_cache[key] = storage_prices(self.timetable, tier)
        return self._storage_cache[key]

    def most_row_prices(self) -> Ints:
        """Highest prices of rows under which no step is priced out of range, int64[M]."""
        problem, table = self.problem, self.timetable
        types = {problem.vehicle_type_of(batch) for batch in problem.batches}
        largest = max((max(1, kind.vehicles_per_feu) for kind in types), default=1)
        most = np.full(table.num_rows, CEILING // largest, dtype=np.int64)
        by_service = {}
        for service in problem.network.services.values():
            loose_units = (max(1, kind.vehicles_per_feu) * space_units(service, kind) for kind in types)
            units = 1 if service.is_boxed else max(loose_units)
            # A leg may be charged for its own room and for the space held on it.
            by_service[service.id] = CEILING // (2 * len(service.calls) * units)
        on_legs = [by_service[table.departures[number].service.id] for number in table.leg_departure]
        most[: table.num_legs] = on_legs
        for rows, legs in table.held_of_claim.values():
            most[rows] = most[legs] // max(1, len(rows))
        most[list(table.boarded_row.values())] = 0
        return most

    def row_prices(self, prices: Ints) -> RowPrices:
        """Prices of a unit on every row, int64[M], laid out for sweeps."""
        return RowPrices(self.timetable, prices)

    # --- sweeps -----------------------------------------------------------------------------------------

    def sweep(
        self,
        source: Source,
        vehicles: int,
        weights: Weights,
        rows: RowPrices | None = None,
        *,
        part_of: int = 0,
    ) -> Prices:
        """Fill the buffers with the least costs of a group from a source.

        Parameters
        ----------
        part_of
            Vehicles over which what a part pays once is spread; 0 = left out.
        """
        layout, table = self._layout, self.timetable
        first_form = BOXED if source.boxed_from_origin else LOOSE
        place = self.problem.batches[source.batches[0]].origin
        layout.arrival_min[-1] = source.ready_min
        layout.arrival_place[-1] = table.place_number[place]
        layout.arrival_slot[-1] = table.slot_number[place, ORIGIN, first_form, False]
        for form, number in FORM_NUMBER.items():
            layout.arrival_tier_day[number, -1] = table.tier_days(place, form, source.ready_min)
        prices = self._prices(source, vehicles, weights, self._no_prices if rows is None else rows, part_of)
        stop = max(
            self.problem.terms.latest_delivery_min(self.problem.batches[batch]) for batch in source.batches
        )
        events = self._events(source, stop)
        sweep(events, prices, self._work, FORM_NUMBER[first_form], stop, source.num_states)
        return prices

    def _events(self, source: Source, stop_min: int) -> Layout:
        """The layout with the events that can matter to a source; all others count as never reached."""
        if self._reach is None:
            return self._layout
        number = self.timetable.place_number
        batches = [self.problem.batches[batch] for batch in source.batches]
        origin, ends = number[batches[0].origin], [number[batch.destination] for batch in batches]
        between = self._reach.events_between(origin, ends)
        first_min, last_min = source.ready_min, stop_min
        last = self._swept.last
        if last is not None and last.between is between:
            # Within the same events a sweep sees what another left there and does not read it.
            first_min, last_min = min(first_min, last.first_min), max(last_min, last.last_min)
        elif last is not None:
            self._forget(last)
        self._swept.last = _Swept(between, first_min, last_min)
        return self._layout._replace(
            event_min=between.event_min, event_node=between.event_node, to_go=between.to_go
        )

    def _forget(self, swept: _Swept) -> None:
        """Count what sweeps over other events reached as never reached."""
        between, first_min, last_min = swept
        first, last = np.searchsorted(between.event_min, [first_min, last_min + 1])
        nodes, source = between.event_node[first:last], self.timetable.num_arrivals
        self._work.arrived[nodes[nodes < source]] = INFINITE
        self._work.boarded[nodes[nodes > source] - source - 1] = INFINITE

    def arrived(self, batch: int) -> Ints:
        """Least costs up to each of the ends of a batch after :meth:`sweep` of its source, int64[n]."""
        ends = self.ends[batch]
        return np.asarray(self._work.arrived[ends.arrival, ends.state], dtype=np.int64)

    def cheapest(self, batch: int, vehicles: int, weights: Weights) -> int:
        """Least cost of a group of a batch after :meth:`sweep` of its source; INFINITE if none."""
        ends = self.ends[batch]
        if not len(ends.arrival):
            return int(INFINITE)
        total = self.arrived(batch) + ends.group_costs(vehicles, weights)
        return min(int(total.min()), int(INFINITE))

    def recover(
        self,
        batch: int,
        vehicles: int,
        weights: Weights,
        prices: Prices,
        limit: int,
        *,
        max_paths: int = 1,
        max_steps: int = 20_000,
        distinct_rows: bool = False,
        all_or_none: bool = False,
    ) -> tuple[list[tuple[int, Column]], bool]:
        """Itineraries of a batch up to a group cost, cheapest first, and whether none is missing.

        ``all_or_none``: none is given if one is missing.
        """
        ends = self.ends[batch]
        if not len(ends.arrival):
            return [], True
        paths, costs, found, is_complete = recover(
            self._layout,
            prices,
            self._work,
            ends.arrival,
            ends.state,
            ends.group_costs(vehicles, weights),
            max(-1, min(limit, int(INFINITE) - 1)),
            max_paths,
            max_steps,
            distinct_rows,
            self._rows.arc_is_open,
        )
        if all_or_none and not is_complete:
            return [], False
        columns = [
            (cost, self.column(batch, tuple(arc for arc in path if arc >= 0)))
            for cost, path in zip(costs[:found].tolist(), paths[:found].tolist(), strict=True)
        ]
        return columns, bool(is_complete)

    def column(self, batch: int, arcs: tuple[int, ...]) -> Column:
        """Column of a batch that travels along arcs of the timetable."""
        return self._maker.column(batch, arcs)
