"""The shipped month: at the lowest cost without and with chartered trains, and under all four objectives.

Prints two tables: proven gap, money, days, tonnes, vehicles left out and boxed, seconds; and how tight the
month is: the share of batches that can't have their own best itinerary because others take the room.
"""

from __future__ import annotations

import json
import platform
import resource
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from planner.model import Network, Problem, Result, SolveOptions, Terms
from planner.model.problem import BLEND, CO2E, COST, GRAMS_PER_TONNE, OBJECTIVES, TIME
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

ROOT = Path(__file__).resolve().parent.parent
MONTH = ROOT / "network_data" / "batches" / "month.csv"
RESULTS = ROOT / "benchmarks" / "results" / "month.json"
OPTIONS = SolveOptions(slot_values=0)
"""What a slot is worth is not asked: where a plan is proved the best, that means planning ten times again."""
DAY_USD, TONNE_USD = 10, 100
"""What a vehicle-day and a tonne of CO2e count under ``blend``."""
UNITS = {COST: "cents", TIME: "vehicle-minutes", CO2E: "grams", BLEND: "cents"}


def displaced_share(problem: Problem, result: Result) -> float:
    """Share of batches that do worse than alone in the empty network, on departures sold by the slot.

    Alone nobody rides a chartered departure: its price belongs to all who ride it together. In the plan its
    shares count.
    """
    timetable = timetable_of(problem)
    pricer, room = Pricer(problem, timetable), Room(problem, timetable)
    prices = np.zeros(timetable.num_rows, dtype=np.int64)
    for charter in room.charters:
        prices[charter.legs] = CLOSED_LEG
    alone = bound_boxes(problem, pricer, goal_of(problem), room, prices)
    displaced = 0
    for number, (batch, planned) in enumerate(zip(problem.batches, result.plan.batches, strict=True)):
        left_out = 0 if planned.unplanned is None else planned.unplanned.vehicles
        value = planned.cents + left_out * problem.terms.unplanned_cost(batch)
        displaced += value * SCALE > alone.values[number][-1]
    return displaced / len(problem.batches)


def without_charters(network: Network) -> Network:
    """The network without departures that are bought as a whole."""
    kept = {name: service for name, service in network.services.items() if not service.is_chartered}
    return replace(
        network, services=kept, tariffs=tuple(row for row in network.tariffs if row.service_id in kept)
    )


def terms_of(objective: str, network: Network) -> Terms:
    """Terms of an objective; prices of ``blend`` are in dollars."""
    if objective != BLEND:
        return Terms(objective=objective)
    return Terms(
        objective=objective,
        day_value=DAY_USD * Fraction(network.usd_price),
        carbon_price=TONNE_USD * Fraction(network.usd_price),
    )


def plan_month(problem: Problem) -> tuple[dict[str, Any], Result]:
    """Plan a problem; figures by name."""
    started, spent = time.perf_counter(), time.process_time()
    result = solve(problem, OPTIONS)
    seconds, processor = time.perf_counter() - started, time.process_time() - spent
    plan = result.plan
    planned = sum(batch.planned_vehicles for batch in plan.batches)
    boxed = sum(i.vehicles for b in plan.batches for i in b.itineraries if i.box_run is not None)
    figures = {
        "value": plan.value,
        "unit": UNITS[problem.terms.objective],
        "bound": plan.bound,
        "status": result.status,
        "gap_percent": None if plan.gap is None else round(100 * plan.gap, 4),
        "money_usd": round(plan.cents / 100),
        "vehicle_days": round(plan.vehicle_min / MINUTES_PER_DAY),
        "tonnes": None if plan.grams is None else round(plan.grams / GRAMS_PER_TONNE),
        "left_out": sum(batch.vehicles for batch in problem.batches) - planned,
        "boxed_percent": round(100 * boxed / planned, 1),
        "charters": len(plan.charters),
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "phases": {phase: round(taken, 2) for phase, taken in result.seconds.items()},
        "counts": dict(result.counts),
    }
    return figures, result


def run() -> dict[str, Any]:
    """Plan the month under every objective, and at the lowest cost without charters; figures by name."""
    started = time.perf_counter()
    network = read_network()
    batches = read_batches(MONTH, network)
    figures: dict[str, Any] = {
        "batches": len(batches),
        "vehicles": sum(batch.vehicles for batch in batches),
        "read_seconds": round(time.perf_counter() - started, 2),
    }
    plain = Problem(network=without_charters(network), batches=batches)
    solve(replace(plain, batches=batches[:2]), OPTIONS)  # compiles the kernel, or reads it from its cache
    figures["without_charters"], result = plan_month(plain)
    figures["displaced_percent"] = round(100 * displaced_share(plain, result), 1)
    for objective in OBJECTIVES:
        problem = Problem(network=network, batches=batches, terms=terms_of(objective, network))
        figures[objective], _ = plan_month(problem)
    figures["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    figures["python"] = platform.python_version()
    return figures


def show(titles: dict[str, str], figures: dict[str, Any]) -> None:
    """Print plans beside each other."""
    names = ("value", "gap_percent", "money_usd", "vehicle_days", "tonnes", "left_out", "boxed_percent")
    print(f"{'':<18}" + "".join(f"{title:>19}" for title in titles.values()))
    for name in (*names, "charters", "seconds", "processor_seconds"):
        cells = (figures[plan][name] for plan in titles)
        print(f"{name:<18}" + "".join(f"{'-' if cell is None else format(cell, ','):>19}" for cell in cells))
    print()


def main() -> None:
    """Print the tables and keep the figures."""
    figures = run()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"{MONTH.name}: {figures['batches']} batches, {figures['vehicles']:,} vehicles")
    show({"without_charters": "cost, no charters", COST: "cost, charters"}, figures)
    print(f"objectives; blend at {DAY_USD} USD a vehicle-day and {TONNE_USD} USD a tonne")
    show({objective: objective for objective in OBJECTIVES}, figures)
    print(f"values in {', '.join(f'{unit} ({name})' for name, unit in UNITS.items())}")
    print(f"without charters, batches that can't have their own best: {figures['displaced_percent']} %")
    print(f"peak memory: {figures['peak_mb']} MB; Python {figures['python']}")


if __name__ == "__main__":
    main()
