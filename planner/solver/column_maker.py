"""Prices an itinerary again, stage by stage, from the tables of its class: makes a column of its arcs."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from planner.model.problem import Problem
from planner.model.services import DELIVERY, ORIGIN
from planner.model.tariffs import Handling, StorageTier
from planner.model.vehicles import BOXED, VehicleType
from planner.network.fares import Fares, days_by_tier
from planner.network.kept import Chain
from planner.network.timetable import Slot, Timetable
from planner.network.type_fares import PER_BOX_UNITS, tier_cents
from planner.solver.arc_stages import ArcStage
from planner.solver.columns import Column
from planner.solver.delivery import day_value_cents, delivered_cents
from planner.solver.laid import Laid
from planner.units import round_half_up

MOST_KEPT = 100_000
"""Columns kept, some 2 kB each, and steps between arcs, of less."""


NOTHING = -1
"""Stands for the arc before the first one."""

Both = tuple[int, int]
"""Per vehicle and per box."""


class _Step(NamedTuple):
    """An arc, and what is paid from the end of the arc before it to its own."""

    stage: ArcStage
    cents: Both
    grams: Both
    blend: Both
    part_cents: int


class _End(NamedTuple):
    """Delivery: minutes from ready, and what is paid after the last arc."""

    minutes: int
    cents: Both
    blend: Both


class ColumnMaker:
    """Makes the columns of the batches of a problem; none is made twice.

    Searches list the same itineraries again and again: for groups of every size, and once more for each slot
    that is tried.

    Parameters
    ----------
    fares
        Of every batch.
    paid
        Of every batch the parts that kept vehicles pay for.
    laid
        Rows and stages of the timetable by arc.
    """

    def __init__(
        self,
        problem: Problem,
        timetable: Timetable,
        fares: Sequence[Fares],
        paid: Sequence[AbstractSet[Chain]],
        laid: Laid,
    ) -> None:
        self._problem = problem
        self._timetable = timetable
        self._fares = fares
        self._paid = paid
        self._rows, self._stages = laid.rows, laid.stages
        self._tier_cache: dict[tuple[int, int, str], int] = {}
        self._delivery_cache: dict[tuple[int, int], tuple[int, int]] = {}
        self._steps: dict[tuple[int, int, int, int], _Step] = {}
        self._ends: dict[tuple[int, int], _End] = {}
        self._kept: dict[tuple[int, tuple[int, ...]], Column] = {}

    def column(self, batch: int, arcs: tuple[int, ...]) -> Column:
        """Column of a batch that travels along arcs of the timetable."""
        key = batch, arcs
        column = self._kept.get(key)
        if column is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            column = self._kept[key] = self._make(batch, arcs)
        return column

    def _make(self, batch: int, arcs: tuple[int, ...]) -> Column:
        item = self._problem.batches[batch]
        vehicle_type = self._problem.vehicle_type_of(item)
        cents, grams, blend = _Amount(), _Amount(), _Amount()
        run: list[object] = []
        chain: list[tuple[int, int, int]] = []
        part_prices: list[int] = []
        before = NOTHING
        for arc in arcs:
            step = self._step(batch, before, arc)
            stage = step.stage
            cents.add(step.cents)
            grams.add(step.grams)
            blend.add(step.blend)
            if stage.form == BOXED:
                if not run:
                    run.append(stage.place)
                run.append(stage.boxed)
            if stage.ride is not None:
                chain.append(stage.ride)
                part_prices.append(step.part_cents)
            before = arc
        end = self._end(batch, before)
        cents.add(end.cents)
        blend.add(end.blend)
        fares = self._fares[batch]
        vehicle_rows, box_rows = self._rows.rows_of(item, vehicle_type, arcs, fares.pair_units)
        return Column(
            batch=batch,
            arcs=arcs,
            vehicle_cents=cents.vehicle,
            box_cents=cents.box,
            minutes=end.minutes,
            vehicle_rows=vehicle_rows,
            box_rows=box_rows,
            run=(*run, cents.box) if run else None,
            chain=tuple(chain),
            vehicle_grams=grams.vehicle,
            box_grams=grams.box,
            vehicle_blend=blend.vehicle,
            box_blend=blend.box,
            part_prices=() if tuple(chain) in self._paid[batch] else tuple(filter(None, part_prices)),
        )

    def _step(self, batch: int, before: int, arc: int) -> _Step:
        """An arc after another, or after nothing: most itineraries of a class share theirs with others."""
        fares = self._fares[batch]
        key = id(fares), batch if before == NOTHING else NOTHING, before, arc
        step = self._steps.get(key)
        if step is None:
            if len(self._steps) >= MOST_KEPT:
                self._steps.clear()
            step = self._steps[key] = self._make_step(batch, before, arc)
        return step

    def _make_step(self, batch: int, before: int, arc: int) -> _Step:
        fares, stage = self._fares[batch], self._stages.of(arc)
        vehicle_type = self._problem.vehicle_type_of(self._problem.batches[batch])
        slot, here_min = self._free(batch, before)
        cents = _Amount()
        cents.handle(self._timetable.handling.get(stage.place, slot[1], stage.mode, slot[2], stage.form))
        if stage.tiers:
            for tier, days in days_by_tier(stage.tiers, here_min, stage.gate_min, stage.zone):
                cents.pay(self._tier_cents(tier, days, vehicle_type), per_box=tier.per in PER_BOX_UNITS)
        pair = stage.pair
        cents.add((int(fares.pair_vehicle[pair]), int(fares.pair_box[pair])))
        return _Step(
            stage=stage,
            cents=(cents.vehicle, cents.box),
            grams=(int(fares.pair_vehicle_grams[pair]), int(fares.pair_box_grams[pair])),
            blend=(int(fares.pair_vehicle_blend[pair]), int(fares.pair_box_blend[pair])),
            part_cents=int(fares.pair_part[pair]),
        )

    def _free(self, batch: int, before: int) -> tuple[Slot, int]:
        """How and where a batch is free to move on, and when: after an arc, or at its origin."""
        if before != NOTHING:
            stage = self._stages.of(before)
            return stage.slot, stage.free_min
        item = self._problem.batches[batch]
        form = self._problem.vehicle_type_of(item).first_form
        return (item.origin, ORIGIN, form, False), item.ready_min

    def _end(self, batch: int, last: int) -> _End:
        """Delivery of a batch after its last arc."""
        key = batch, last
        end = self._ends.get(key)
        if end is None:
            if len(self._ends) >= MOST_KEPT:
                self._ends.clear()
            end = self._ends[key] = self._make_end(batch, last)
        return end

    def _make_end(self, batch: int, last: int) -> _End:
        table, item = self._timetable, self._problem.batches[batch]
        slot, here_min = self._free(batch, last)
        form = self._problem.vehicle_type_of(item).first_form
        handling = table.handling.get(*slot[:2], DELIVERY, slot[2], form)
        cents = _Amount()
        cents.handle(handling)
        after_min = int(self._fares[batch].slot_after_min[table.slot_number[slot]])
        delivered = here_min + handling.handling_min + after_min
        at_delivery, day_value = self._paid_at_delivery(batch, delivered)
        cents.pay(at_delivery, per_box=False)
        return _End(delivered - item.ready_min, (cents.vehicle, cents.box), (day_value, 0))

    def _tier_cents(self, tier: StorageTier, days: int, vehicle_type: VehicleType) -> int:
        key = (id(tier), days, vehicle_type.id)
        if key not in self._tier_cache:
            self._tier_cache[key] = tier_cents(tier, days, vehicle_type)
        return self._tier_cache[key]

    def _paid_at_delivery(self, batch: int, delivered: int) -> tuple[int, int]:
        """Carrying, earliness and lateness of a vehicle, and what its days count under ``blend``."""
        key = (batch, delivered)
        if key not in self._delivery_cache:
            item = self._problem.batches[batch]
            cents = delivered_cents(self._problem, item, np.array([delivered]))
            blend = day_value_cents(self._problem, np.array([delivered - item.ready_min]))
            self._delivery_cache[key] = int(cents[0]), int(blend[0])
        return self._delivery_cache[key]


@dataclass(slots=True)
class _Amount:
    """A sum per vehicle and per box."""

    vehicle: int = 0
    box: int = 0

    def add(self, both: Both) -> None:
        self.vehicle += both[0]
        self.box += both[1]

    def pay(self, amount: int, *, per_box: bool) -> None:
        if per_box:
            self.box += amount
        else:
            self.vehicle += amount

    def handle(self, handling: Handling) -> None:
        # Rounding exact fractions is slow, and most prices are whole.
        cents = handling.price.numerator if handling.price.denominator == 1 else round_half_up(handling.price)
        self.pay(cents, per_box=handling.per == "feu")
