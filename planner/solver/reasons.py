"""Why vehicles are left out: the first rule that fails, in facts of the batch.

A reason is looked for one rule after another, as :data:`~planner.model.plans.UNPLANNED_REASONS` lists them:
for the batch alone, whatever the room, rules are dropped from the last to the first until an itinerary is
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from planner.clock import days
from planner.model.plans import Unplanned
from planner.model.problem import CO2E, TIME
from planner.network.timetable import Ints
from planner.solver.bench import Bench
from planner.solver.choice import Choice
from planner.solver.columns import Column
from planner.solver.delivery import SCALE
from planner.solver.kernel import CLOSED_LEG, INFINITE
from planner.solver.out_of_time import out_of_time
from planner.solver.room import RowPrices

MOST_ASKED = 20
"""Itineraries asked, cheapest first, for one of a part that has paid what parts pay once."""
Bools = npt.NDArray[np.bool_]


def explain_unplanned(cases: Sequence[tuple[Bench, Choice]]) -> list[dict[int, Unplanned]]:
    """Reason of every batch that leaves vehicles out, by batch number, for each choice.

    Parameters
    ----------
    cases
        Choices for the same tables and terms; batches that have no itinerary in time, of all of them, are
        asked over the same timetables.
    """
    found: list[dict[int, tuple[str, str] | None]] = []
    late: list[tuple[int, int]] = []
    for number, (bench, choice) in enumerate(cases):
        load = choice.load(bench.room)
        left_out = [batch for batch in range(len(choice.rides)) if choice.left_out(batch)]
        found.append({batch: _in_time(_Asked(bench, choice, batch), load) for batch in left_out})
        late += [(number, batch) for batch, reason in found[-1].items() if reason is None]
    if late:
        batches = [cases[case][0].problem.batches[batch] for case, batch in late]
        asked = replace(cases[0][0].problem, batches=tuple(batches))
        for (case, batch), reason in zip(late, out_of_time(asked), strict=True):
            found[case][batch] = reason
    return [
        {
            batch: Unplanned(vehicles=choice.left_out(batch), reason=reason[0], facts=reason[1])
            for batch, reason in of_case.items()
            if reason is not None
        }
        for (_, choice), of_case in zip(cases, found, strict=True)
    ]


class _Asked:
    """Looks for the cheapest group of a batch where some rows are closed.

    What a part pays once is spread over all vehicles that are left out: they could go in one part. Where
    the batch rides a part already, it is paid.
    """

    def __init__(self, bench: Bench, choice: Choice, batch: int) -> None:
        self.problem = problem = bench.problem
        self.pricer = bench.pricer
        self.goal = bench.goal
        self.room = bench.room
        self.batch = batch
        self.left_out = choice.left_out(batch)
        self.largest = min(self.left_out, bench.pricer.source_of(batch).vehicles_per_feu)
        self.has_part_rules = bench.parts.is_limited[batch]
        self.parts = set(choice.parts(batch))
        self.penalty = problem.terms.unplanned_cost(problem.batches[batch])

    def has_any(self) -> bool:
        """Whether one vehicle can get there in time, whatever the room: one sweep says it for most."""
        source, weights = self.pricer.source_of(self.batch), self.goal.weights(0)
        self.pricer.sweep(source, 1, weights)
        return self.pricer.cheapest(self.batch, 1, weights) < int(INFINITE)

    def find(self, closed_for: Callable[[int], Bools]) -> tuple[int, int, Column] | None:
        """Cheapest group per vehicle: its scaled cost, size and itinerary; rows closed by size of group.

        Costs are those of the itinerary: in a sweep they are cut off where they go beyond its range.
        """
        best: tuple[int, int, Column] | None = None
        for size in range(1, self.largest + 1):
            rows = self.pricer.row_prices(np.where(closed_for(size), CLOSED_LEG, 0))
            for cost, column in self._find_groups(size, rows, best):
                if best is None or cost * best[1] < best[0] * size:
                    best = (cost, size, column)
        return best

    def _find_groups(
        self, size: int, rows: RowPrices, best: tuple[int, int, Column] | None
    ) -> Iterator[tuple[int, Column]]:
        """Cheapest group on a part of its own, and on one that has paid; not what can't beat the best."""
        source, weights = self.pricer.source_of(self.batch), self.goal.weights(0)
        spreads = [self.left_out]
        if source.fares.has_part_charges and (self.parts or not source.part_of):
            spreads.append(0)
        for part_of in spreads:
            prices = self.pricer.sweep(source, size, weights, rows, part_of=part_of)
            least = self.pricer.cheapest(self.batch, size, weights)
            if least >= INFINITE or (best is not None and least * best[1] >= best[0] * size):
                continue
            found, _ = self.pricer.recover(
                self.batch, size, weights, prices, int(INFINITE) - 1, max_paths=1 if part_of else MOST_ASKED
            )
            for _, column in found:
                if part_of or column.chain in self.parts or not column.part_prices:
                    yield self.goal.group_cost(column, size, part_of), column
                    break

    def needed(self, size: int) -> Ints:
        batch = self.problem.batches[self.batch]
        return self.room.needed(self.problem.vehicle_type_of(batch), size)

    def not_bought(self, size: int, load: Ints) -> Bools:
        """Legs of charters that would have to be bought, or in more modules, for a group; bool[M].

        Where a charter runs and is full, room is what is missing.
        """
        closed = np.zeros(len(load), dtype=np.bool_)
        total, needed = self.room.total_load(load), self.needed(size)
        for charter in self.room.charters:
            legs = list(charter.legs)
            runs = bool(total[charter.boarded_row])
            is_full = bool((self.room.capacity[legs] - load[legs] < needed[legs]).any())
            takes_more = charter.modules_for(total + needed) > charter.modules_for(total)
            closed[legs] = not runs or (takes_more and not is_full)
        return closed

    def is_dear(self, found: tuple[int, int, Column]) -> bool:
        cost, size, _ = found
        return cost >= self.penalty * size * SCALE


def _in_time(asked: _Asked, load: Ints) -> tuple[str, str] | None:
    """Reason where an itinerary in time exists, whatever the room; ``None`` if there is none."""
    if not asked.has_any():
        return None
    room = asked.room
    left = room.capacity - load
    nothing = np.zeros(len(room.capacity), dtype=np.bool_)
    # Room that nobody could ever have is no room that others took.
    best = asked.find(lambda size: np.asarray(asked.needed(size) > room.capacity)) or asked.find(
        lambda _: nothing
    )
    if best is None:
        return None
    if asked.is_dear(best):
        return "too_dear", _dear_facts(asked, best)
    alone = asked.find(lambda size: asked.not_bought(size, load)) if room.charters else best
    if alone is None or asked.is_dear(alone):
        return "least_load", _charter_facts(asked, best[2])
    roomy = asked.find(lambda size: np.asarray(asked.not_bought(size, load) | (left < asked.needed(size))))
    if asked.has_part_rules and roomy is not None and not asked.is_dear(roomy):
        return "parts", _part_facts(asked)
    return "no_room", _room_facts(asked, alone[2], left)


def _dear_facts(asked: _Asked, best: tuple[int, int, Column]) -> str:
    cost, size, column = best
    terms, penalty = asked.problem.terms, asked.penalty
    if terms.objective == TIME:
        return (
            f"the fastest itinerary takes {days(column.minutes):.1f} days, leaving out counts "
            f"{days(penalty):.1f} days"
        )
    each = cost / SCALE / size
    if terms.objective == CO2E:
        return (
            f"the cleanest itinerary emits {each / 1e6:,.2f} t a vehicle, leaving out {penalty / 1e6:,.2f} t"
        )
    return (
        f"the cheapest itinerary costs {each / 100:,.2f} {terms.currency} a vehicle, leaving out costs "
        f"{penalty / 100:,.2f} {terms.currency}"
    )


def _charter_facts(asked: _Asked, column: Column) -> str:
    table = asked.room.timetable
    chartered = {charter.departure for charter in asked.room.charters}
    number = next(ride[0] for ride in column.chain if ride[0] in chartered)
    departure = table.departures[number]
    service = departure.service
    scale = 100 if service.capacity_unit in ("ceu", "cbm") else 1
    least = f", least load {service.min_load / scale:g} {service.capacity_unit}" if service.min_load else ""
    return f"every itinerary worth it rides a charter such as {service.id} of {departure.day}{least}"


def _part_facts(asked: _Asked) -> str:
    batch = asked.problem.batches[asked.batch]
    rules = []
    if batch.all_or_none:
        rules.append(f"all {batch.vehicles} vehicles have to go together")
    elif batch.max_parts is not None:
        rules.append(f"at most {batch.max_parts} parts are allowed")
    if batch.least_part > 1:
        rules.append(f"a part has at least {batch.least_part} vehicles")
    return f"there is room for some, but {' and '.join(rules)}"


def _room_facts(asked: _Asked, column: Column, left: Ints) -> str:
    room, table = asked.room, asked.room.timetable
    needs = [*column.vehicle_rows, *((row, 1) for row in column.box_rows)]
    full = [row for row, units in needs if left[row] < units]
    more = f", and {len(full) - 1} more limits of its cheapest itinerary" if len(full) > 1 else ""
    for row in full:
        taken, capacity = int(room.capacity[row] - left[row]), int(room.capacity[row])
        if row in table.day_rows:
            day = table.day_rows[row]
            what = day.from_place if day.from_place == day.to_place else f"{day.from_place}-{day.to_place}"
            return f"{what} has no room on {day.day}: {taken} of {capacity} are taken{more}"
        if row >= table.num_legs:
            leg = next(
                int(leg)
                for rows, legs in table.held_of_claim.values()
                for held, leg in zip(rows, legs, strict=True)
                if held == row
            )
            return f"{_leg_text(asked, leg)}: what is left is held by allotments of others{more}"
        scale = 100 if _unit(asked, row) in ("ceu", "cbm") else 1
        return (
            f"{_leg_text(asked, row)}: {taken / scale:g} of {capacity / scale:g} {_unit(asked, row)} "
            f"are taken{more}"
        )
    return "what room is left holds only dearer itineraries than leaving out"


def _unit(asked: _Asked, leg: int) -> str:
    table = asked.room.timetable
    return table.departures[table.leg_departure[leg]].service.capacity_unit


def _leg_text(asked: _Asked, leg: int) -> str:
    table = asked.room.timetable
    number = table.leg_departure[leg]
    departure = table.departures[number]
    call = leg - table.departure_first_leg[number]
    calls = departure.service.calls
    start, end = calls[call].place, calls[call + 1].place
    return f"{departure.service.id} of {departure.day} has no room from {start} to {end}"
