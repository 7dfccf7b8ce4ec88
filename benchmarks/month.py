"""The shipped month planned twice: at the lowest cost and in the least time.

Prints one table: proven gap, money, days, vehicles left out and boxed, seconds and memory; and how tight
the month is: the share of batches that can't have their own best itinerary because others take the room.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from planner.model import Problem, Result, Terms
from planner.model.problem import COST, TIME
from planner.network.lay_out import timetable_of
from planner.reading.batches import read_batches
from planner.reading.tables import read_network
from planner.solve import solve
from planner.solver.delivery import SCALE
from planner.solver.kernel import CLOSED_LEG
from planner.solver.objectives import goal_of
from planner.solver.pricing import Pricer
from planner.solver.relaxation import bound_boxes
from planner.solver.room import Room
from planner.units import MINUTES_PER_DAY

OBJECTIVES = (COST, TIME)
ROOT = Path(__file__).resolve().parent.parent
MONTH = ROOT / "network_data" / "batches" / "month.csv"
RESULTS = ROOT / "benchmarks" / "results" / "month.json"


def displaced_share(problem: Problem, result: Result) -> float:
    """Share of batches whose plan is dearer than their own best, alone in the empty network.

    Alone they may ride the chartered departures that the plan buys; what these cost as a whole counts on
    neither side.
    """
    timetable = timetable_of(problem)
    pricer, room = Pricer(problem, timetable), Room(problem, timetable)
    bought = {(charter.service_id, charter.departure_day) for charter in result.plan.charters}
    prices = np.zeros(timetable.num_rows, dtype=np.int64)
    for charter in room.charters:
        departure = timetable.departures[charter.departure]
        if (departure.service.id, departure.day) not in bought:
            prices[charter.legs] = CLOSED_LEG
    alone = bound_boxes(problem, pricer, goal_of(problem), room, prices)
    displaced = 0
    for number, (batch, planned) in enumerate(zip(problem.batches, result.plan.batches, strict=True)):
        left_out = 0 if planned.unplanned is None else planned.unplanned.vehicles
        cents = planned.cents - sum(share.cents for share in planned.shares)
        value = cents + left_out * problem.terms.unplanned_cost(batch)
        displaced += value * SCALE > alone.values[number][-1]
    return displaced / len(problem.batches)


def run() -> dict[str, object]:
    """Plan the month under both objectives; figures by name."""
    started = time.perf_counter()
    network = read_network()
    batches = read_batches(MONTH, network)
    read_seconds = time.perf_counter() - started
    figures: dict[str, object] = {
        "batches": len(batches),
        "vehicles": sum(batch.vehicles for batch in batches),
        "read_seconds": round(read_seconds, 2),
    }
    for objective in OBJECTIVES:
        problem = Problem(network=network, batches=batches, terms=Terms(objective=objective))
        started = time.perf_counter()
        result = solve(problem)
        plan = result.plan
        planned = sum(batch.planned_vehicles for batch in plan.batches)
        boxed = sum(i.vehicles for b in plan.batches for i in b.itineraries if i.box_run is not None)
        figures[objective] = {
            "value": plan.value,
            "bound": plan.bound,
            "gap_percent": round(100 * (plan.gap or 0.0), 4),
            "money_usd": round(plan.cents / 100),
            "vehicle_days": round(plan.vehicle_min / MINUTES_PER_DAY),
            "left_out": sum(batch.vehicles for batch in batches) - planned,
            "boxed_percent": round(100 * boxed / planned, 1),
            "seconds": round(time.perf_counter() - started, 1),
            "phases": {phase: round(seconds, 2) for phase, seconds in result.seconds.items()},
            "counts": dict(result.counts),
        }
        if objective == "cost":
            figures["displaced_percent"] = round(100 * displaced_share(problem, result), 1)
    figures["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def main() -> None:
    """Print the table and keep the figures."""
    figures = run()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    names = ["gap_percent", "money_usd", "vehicle_days", "left_out", "boxed_percent", "seconds"]
    print(f"{'month.csv':<16}{'lowest cost':>16}{'least time':>16}")
    for name in names:
        cost, fast = (figures[objective][name] for objective in OBJECTIVES)  # type: ignore[index]
        print(f"{name:<16}{cost:>16,}{fast:>16,}")
    print(f"batches that can't have their own best: {figures['displaced_percent']} %")
    print(f"peak memory: {figures['peak_mb']} MB; Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
