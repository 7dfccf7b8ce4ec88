"""Pricing: the cheapest itineraries of every batch under given prices of room.

A *source* is what shares one sweep: origin, ready time and class of cargo. A *group* is s vehicles of one
batch that do the same and share one box where boxed; with s = vehicles per box and the cost divided by s it
prices a column of the relaxation, with s = 1..k it gives the terms of the bound with whole boxes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planner.model.problem import Problem
from planner.model.services import DELIVERY, ORIGIN
from planner.model.tariffs import Handling
from planner.model.vehicles import BOXED
from planner.network.fares import PER_BOX_UNITS, FareBook, Fares, days_by_tier, space_units, tier_cents
from planner.network.timetable import FORM_NUMBER, NO_LIMIT, Ints, Timetable
from planner.solver.columns import Column
from planner.solver.delivery import Weights, delivered_cents, find_ends
from planner.solver.kernel import CEILING, INFINITE, Prices, weighted
from planner.solver.layout import make_layout, make_work
from planner.solver.recovery import recover
from planner.solver.sweep import sweep
from planner.units import round_half_up

LONGEST_DAY_MIN = 1_500
"""A local day of 25 hours, when clocks go back."""


@dataclass(frozen=True, slots=True)
class Source:
    """Batches that share one sweep."""

    origin: str
    ready_min: int
    fares: Fares
    batches: tuple[int, ...]
    vehicles_per_feu: int
    boxed_from_origin: bool


class Pricer:
    """Sweeps sources of a problem over its timetable.

    Parameters
    ----------
    with_reference
        Let the unbookable reference services be ridden, each itinerary exactly once (the baseline).
    """

    def __init__(self, problem: Problem, timetable: Timetable, *, with_reference: bool = False) -> None:
        self.problem = problem
        self.timetable = timetable
        self._book = FareBook(problem, timetable, with_reference=with_reference)
        self._required_mark = 1 if with_reference else 0
        self.num_states = 6 if with_reference else 3
        self._layout = make_layout(timetable, mark_reference=with_reference)
        self._work = make_work(self._layout, self.num_states)
        self._leg_is_open = timetable.arrays["leg_capacity"] >= NO_LIMIT
        self._no_legs = np.zeros(timetable.num_legs + 1, dtype=np.int64)
        self.fares = [self._book.fares_of(batch) for batch in problem.batches]
        self.ends = [find_ends(problem, timetable, batch, self._required_mark) for batch in problem.batches]
        self.sources = self._group_sources()
        self._source_of = {batch: source for source in self.sources for batch in source.batches}
        self._price_cache: dict[tuple[int, int, int], Prices] = {}

    # --- set-up -----------------------------------------------------------------------------------------

    def _group_sources(self) -> list[Source]:
        groups: dict[tuple[object, ...], list[int]] = {}
        for number, batch in enumerate(self.problem.batches):
            key = (batch.origin, batch.ready_min, id(self.fares[number]))
            groups.setdefault(key, []).append(number)
        sources = []
        for members in groups.values():
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
                )
            )
        return sources

    def source_of(self, batch: int) -> Source:
        """The source whose sweep serves a batch."""
        return self._source_of[batch]

    # --- prices -----------------------------------------------------------------------------------------

    def _prices(self, fares: Fares, vehicles: int, weights: Weights, leg_prefix: Ints) -> Prices:
        key = (id(fares), vehicles, weights.cents)
        if key not in self._price_cache:
            money = weights.cents
            pair = fares.group_pairs(vehicles)
            tier = weighted(fares.tier_vehicle * vehicles + fares.tier_box, money)
            self._price_cache[key] = Prices(
                pair=np.where(pair >= INFINITE, INFINITE, weighted(pair, money)),
                pair_units=fares.group_units(vehicles),
                transfer=weighted(fares.transfer_vehicle * vehicles + fares.transfer_box, money),
                tier=tier,
                rule_monotone=self._monotone_rules(tier),
                rule_settles=self._settling_rules(tier),
                rule_free=self._free_rules(tier),
                leg_prefix=leg_prefix,
            )
        return self._price_cache[key]._replace(leg_prefix=leg_prefix)

    def _monotone_rules(self, tier: Ints) -> npt.NDArray[np.bool_]:
        """Rules under which a later arrival never pays more than an earlier one, bool[rules].

        An hour later can move one day from tier i to tier i - 1, which then holds at least the whole days
        between their starts. It never pays more if no such step of tier i - 1 is dearer than any step of
        tier i; ``tier`` has the group's rounded prices, int64[rules, tiers, days].
        """
        steps = np.diff(tier, axis=2)
        monotone = np.asarray((steps >= 0).all(axis=(1, 2)), dtype=np.bool_)
        for number, rule in enumerate(self.timetable.rules):
            for place in range(1, len(rule.tiers)):
                held = (rule.tiers[place].from_min - rule.tiers[place - 1].from_min) // LONGEST_DAY_MIN
                before = steps[number, place - 1, held:]
                if before.size and before.max() > steps[number, place].min():
                    monotone[number] = False
        return monotone

    def _settling_rules(self, tier: Ints) -> npt.NDArray[np.bool_]:
        """Rules under which each further day costs an earlier arrival no less than a later one, bool[rules].

        They charge each day the same within a tier, and never less in a later tier.
        """
        steps = np.diff(tier, axis=2)
        settles = np.asarray((steps == steps[:, :, :1]).all(axis=(1, 2)), dtype=np.bool_)
        for number, rule in enumerate(self.timetable.rules):
            daily = steps[number, : len(rule.tiers), 0]
            settles[number] &= bool((np.diff(daily) >= 0).all())
        return settles

    def _free_rules(self, tier: Ints) -> npt.NDArray[np.bool_]:
        """Rules with no price and no longest dwell, bool[rules]."""
        limits = self.timetable.arrays["rule_max_dwell"]
        return np.asarray((tier == 0).all(axis=(1, 2)) & (limits >= NO_LIMIT), dtype=np.bool_)

    def most_leg_prices(self) -> Ints:
        """Highest prices of room under which no ride is priced out of range, int64[L]."""
        problem, table = self.problem, self.timetable
        types = {problem.vehicle_type_of(batch) for batch in problem.batches}
        most = {}
        for service in problem.network.services.values():
            loose_units = (max(1, kind.vehicles_per_feu) * space_units(service, kind) for kind in types)
            units = 1 if service.is_boxed else max(loose_units)
            most[service.id] = CEILING // (len(service.calls) * units)
        return np.array(
            [most[table.departures[departure].service.id] for departure in table.leg_departure],
            dtype=np.int64,
        )

    def leg_prefix(self, leg_prices: Ints) -> Ints:
        """Running sum of the prices of a unit of room, int64[L+1]."""
        return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(leg_prices)])

    # --- sweeps -----------------------------------------------------------------------------------------

    def sweep(
        self, source: Source, vehicles: int, weights: Weights, leg_prefix: Ints | None = None
    ) -> Prices:
        """Fill the buffers with the least costs of a group from a source."""
        layout, table = self._layout, self.timetable
        first_form = BOXED if source.boxed_from_origin else "loose"
        place = self.problem.batches[source.batches[0]].origin
        layout.arrival_min[-1] = source.ready_min
        layout.arrival_place[-1] = table.place_number[place]
        layout.arrival_slot[-1] = table.slot_number[place, ORIGIN, first_form]
        for form, number in FORM_NUMBER.items():
            layout.arrival_tier_day[number, -1] = table.tier_days(place, form, source.ready_min)
        prices = self._prices(
            source.fares, vehicles, weights, self._no_legs if leg_prefix is None else leg_prefix
        )
        stop = max(
            self.problem.terms.latest_delivery_min(self.problem.batches[batch]) for batch in source.batches
        )
        sweep(layout, prices, self._work, FORM_NUMBER[first_form], stop)
        return prices

    def cheapest(self, batch: int, vehicles: int, weights: Weights) -> int:
        """Least cost of a group of a batch after :meth:`sweep` of its source; INFINITE if none."""
        ends = self.ends[batch]
        if not len(ends.arrival):
            return int(INFINITE)
        total = self._work.arrived[ends.arrival, ends.state] + ends.group_costs(vehicles, weights)
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
    ) -> tuple[list[tuple[int, Column]], bool]:
        """Itineraries of a batch up to a group cost, cheapest first, and whether none is missing."""
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
            self._leg_is_open,
        )
        columns = []
        for number in range(found):
            arcs = tuple(int(arc) for arc in paths[number] if arc >= 0)
            columns.append((int(costs[number]), self.column(batch, arcs)))
        return columns, bool(is_complete)

    # --- columns ----------------------------------------------------------------------------------------

    def column(self, batch: int, arcs: tuple[int, ...]) -> Column:
        """Price an itinerary again from the tables of its class, stage by stage."""
        table, arrays, fares = self.timetable, self.timetable.arrays, self.fares[batch]
        item = self.problem.batches[batch]
        vehicle_type = self.problem.vehicle_type_of(item)
        form = vehicle_type.first_form
        slot = (item.origin, ORIGIN, form)
        here_min = item.ready_min
        vehicle = box = 0
        loose: list[tuple[int, int]] = []
        box_legs: list[int] = []
        run: list[object] = []
        for arc in arcs:
            pair_number = int(arrays["arc_pair"][arc])
            pair = table.pairs[pair_number]
            boarding = int(arrays["arc_boarding"][arc])
            gate_min = int(arrays["boarding_min"][boarding])
            place, mode, form = table.gates[int(arrays["boarding_gate"][boarding])]
            handling = table.handling.get(place, slot[1], mode, slot[2], form)
            vehicle, box = _add(handling, vehicle, box)
            if form == BOXED and not run:
                run.append(place)
            rule = table.rule_of.get((place, form))
            if rule is not None:
                zone = table.network.places[place].time_zone
                for tier, days in days_by_tier(table.rules[rule].tiers, here_min, gate_min, zone):
                    cents = tier_cents(tier, days, vehicle_type)
                    if tier.per in PER_BOX_UNITS:
                        box += cents
                    else:
                        vehicle += cents
            vehicle += int(fares.pair_vehicle[pair_number])
            legs = range(int(arrays["arc_leg_from"][arc]), int(arrays["arc_leg_to"][arc]))
            limited = [leg for leg in legs if arrays["leg_capacity"][leg] < NO_LIMIT]
            if form == BOXED:
                box += int(fares.pair_box[pair_number])
                box_legs.extend(limited)
                run.append((pair_number, gate_min))
            else:
                units = int(fares.pair_units[pair_number])
                loose.extend((leg, units) for leg in limited)
            here_min = int(arrays["arrival_min"][arrays["arc_arrival"][arc]])
            slot = (pair.ends[1], mode, form)
        handling = table.handling.get(*slot[:2], DELIVERY, slot[2], vehicle_type.first_form)
        vehicle, box = _add(handling, vehicle, box)
        delivered = here_min + handling.handling_min
        vehicle += int(delivered_cents(self.problem, item, np.array([delivered]))[0])
        return Column(
            batch=batch,
            arcs=arcs,
            vehicle_cents=vehicle,
            box_cents=box,
            minutes=delivered - item.ready_min,
            loose_units=tuple(loose),
            box_legs=tuple(box_legs),
            run=(*run, box) if run else None,
        )


def _add(handling: Handling, vehicle: int, box: int) -> tuple[int, int]:
    cents = round_half_up(handling.price)
    return (vehicle, box + cents) if handling.per == "feu" else (vehicle + cents, box)
