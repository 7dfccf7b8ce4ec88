"""Prices an itinerary again, stage by stage, from the tables of its class: makes a column of its arcs."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from planner.model.problem import Problem
from planner.model.services import DELIVERY, ORIGIN
from planner.model.tariffs import Handling, StorageTier
from planner.model.vehicles import BOXED, VehicleType
from planner.network.fares import Fares, days_by_tier
from planner.network.kept import Chain
from planner.network.timetable import Timetable
from planner.network.type_fares import PER_BOX_UNITS, tier_cents
from planner.solver.columns import Column
from planner.solver.delivery import day_value_cents, delivered_cents
from planner.solver.laid import Laid
from planner.units import round_half_up

MOST_KEPT = 100_000
"""Columns kept, some 2 kB each."""


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
        table, fares = self._timetable, self._fares[batch]
        item = self._problem.batches[batch]
        vehicle_type = self._problem.vehicle_type_of(item)
        slot = (item.origin, ORIGIN, vehicle_type.first_form, False)
        here_min = item.ready_min
        money = _Money()
        grams, blend = _Money(), _Money()
        run: list[object] = []
        chain: list[tuple[int, int, int]] = []
        part_prices: list[int] = []
        for arc in arcs:
            stage = self._stages.of(arc)
            pair, form = stage.pair, stage.form
            money.handle(table.handling.get(stage.place, slot[1], stage.mode, slot[2], form))
            if form == BOXED and not run:
                run.append(stage.place)
            if stage.tiers:
                for tier, days in days_by_tier(stage.tiers, here_min, stage.gate_min, stage.zone):
                    money.add(self._tier_cents(tier, days, vehicle_type), per_box=tier.per in PER_BOX_UNITS)
            money.add_both(fares.pair_vehicle[pair], fares.pair_box[pair])
            grams.add_both(fares.pair_vehicle_grams[pair], fares.pair_box_grams[pair])
            blend.add_both(fares.pair_vehicle_blend[pair], fares.pair_box_blend[pair])
            if form == BOXED:
                run.append(stage.boxed)
            if stage.ride is not None:
                chain.append(stage.ride)
                part_prices.append(int(fares.pair_part[pair]))
            slot, here_min = stage.slot, stage.free_min
        handling = table.handling.get(*slot[:2], DELIVERY, slot[2], vehicle_type.first_form)
        money.handle(handling)
        after_min = int(fares.slot_after_min[table.slot_number[slot]])
        delivered = here_min + handling.handling_min + after_min
        at_delivery, day_value = self._paid_at_delivery(batch, delivered)
        minutes = delivered - item.ready_min
        money.add(at_delivery, per_box=False)
        blend.add(day_value, per_box=False)
        vehicle_rows, box_rows = self._rows.rows_of(item, vehicle_type, arcs, fares.pair_units)
        return Column(
            batch=batch,
            arcs=arcs,
            vehicle_cents=money.vehicle,
            box_cents=money.box,
            minutes=minutes,
            vehicle_rows=vehicle_rows,
            box_rows=box_rows,
            run=(*run, money.box) if run else None,
            chain=tuple(chain),
            vehicle_grams=grams.vehicle,
            box_grams=grams.box,
            vehicle_blend=blend.vehicle,
            box_blend=blend.box,
            part_prices=() if tuple(chain) in self._paid[batch] else tuple(filter(None, part_prices)),
        )

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
class _Money:
    """Sums per vehicle and per box."""

    vehicle: int = 0
    box: int = 0

    def add(self, amount: int, *, per_box: bool) -> None:
        if per_box:
            self.box += amount
        else:
            self.vehicle += amount

    def add_both(self, vehicle: int, box: int) -> None:
        self.vehicle += int(vehicle)
        self.box += int(box)

    def handle(self, handling: Handling) -> None:
        # Rounding exact fractions is slow, and most prices are whole.
        cents = handling.price.numerator if handling.price.denominator == 1 else round_half_up(handling.price)
        self.add(cents, per_box=handling.per == "feu")
