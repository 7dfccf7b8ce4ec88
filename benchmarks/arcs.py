"""The planner beside a plain arc formulation solved by SCIP and by HiGHS: same problem, same value.

Thirty batches that are linear in vehicles: the planner, with everything it does (plan, proof, check), beside
one whole variable per batch and time-expanded arc. Then a hundred: what the arc model has once it was given
sixty times the planner's time. Both on the shipped network made linear (:mod:`benchmarks.shared.linear`).
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import ortools

from benchmarks.month import OPTIONS, displaced_share
from benchmarks.shared.arc_model import GAP, SOLVERS, ArcModel, build, solve_arcs
from benchmarks.shared.linear import boxes_apart, cut_to_loose
from benchmarks.shared.seeded import Recipe, seeded_batches
from planner.model import Network, Problem, Result
from planner.reading.tables import read_network
from planner.solve import solve

RESULTS = Path(__file__).resolve().parent / "results" / "arcs.json"
REPEATS = 3
GOAL = 10
"""The planner is to be this many times faster than the better of the two solvers."""
TIMES_OURS = 60
"""How many times the planner's time the arc model gets for the larger file."""
SECONDS_FOR_SMALL, SECONDS_FOR_LARGE = 180, 150
"""Most wall-clock seconds for each solver, unless all figures are asked for."""
SECONDS_IN_FULL = 1_800
SAME = 1e-6
SMALL, LARGE = 30, 100
DAYS = 31
SEA_DAYS, RAIL_DAYS = (70, 110), (32, 60)


@dataclass(frozen=True, slots=True)
class World:
    """A linear network, and the days from ready to due that its batches have."""

    text: str
    make: Callable[[Network, Fraction], Network]
    room: Fraction
    slack_days: tuple[tuple[int, int], ...]


WORLDS = {
    "loose": World("services that carry cars loose", cut_to_loose, Fraction(2, 5), (SEA_DAYS,)),
    "all": World("all services, boxes taken apart", boxes_apart, Fraction(1, 2), (SEA_DAYS, RAIL_DAYS)),
}


def main() -> None:
    """Run both sizes in both worlds, print the table and keep the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.arcs", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--full", action="store_true", help=f"let each solver have up to {SECONDS_IN_FULL} seconds"
    )
    least = SECONDS_IN_FULL if parser.parse_args().full else 0
    network = read_network()
    solve(problem_of(network, WORLDS["all"], 2), OPTIONS)  # compiles the kernel, or reads it from its cache
    figures: dict[str, Any] = {
        "settings": f"both solvers as they come (presolve on, one thread); relative gap {GAP:g}, seed 1",
        "worlds": {},
    }
    for name, world in WORLDS.items():
        print(f"{name}: {world.text}, {float(world.room):.0%} of their room", flush=True)
        small = compare(problem_of(network, world, SMALL), lambda _: max(SECONDS_FOR_SMALL, least))
        judge(small)
        large = compare(
            problem_of(network, world, LARGE),
            lambda ours: min(TIMES_OURS * ours, max(SECONDS_FOR_LARGE, least)),
        )
        figures["worlds"][name] = {"small": small, "large": large}
    figures["versions"] = {"python": platform.python_version(), "ortools": ortools.__version__}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def problem_of(network: Network, world: World, number: int) -> Problem:
    """Seeded batches over a month, room in the network scaled to their number."""
    recipe = Recipe(number=number, days=DAYS, slack_days=world.slack_days)
    batches = seeded_batches(network, recipe)
    return Problem(network=world.make(network, world.room * number / SMALL), batches=batches)


def compare(problem: Problem, limit_of: Callable[[float], float]) -> dict[str, Any]:
    """Plan a problem and solve its arc model; figures by name.

    Parameters
    ----------
    limit_of
        Seconds for each solver, given those of the planner.
    """
    runs = [clocked(lambda: solve(problem, OPTIONS)) for _ in range(REPEATS)]
    result: Result = runs[0][0]
    plan = result.plan
    seconds, processor = (median(run[place] for run in runs) for place in (1, 2))
    planned = sum(batch.planned_vehicles for batch in plan.batches)
    vehicles = sum(batch.vehicles for batch in problem.batches)
    figures: dict[str, Any] = {
        "batches": len(problem.batches),
        "vehicles": vehicles,
        "left_out": vehicles - planned,
        "displaced_percent": round(100 * displaced_share(problem, result), 1),
        "planner": {
            "status": result.status,
            "value": plan.value,
            "bound": plan.bound,
            "seconds": round(seconds, 2),
            "processor_seconds": round(processor, 2),
            "phases": {phase: round(spent, 3) for phase, spent in result.seconds.items()},
        },
    }
    print(
        f"  {len(problem.batches)} batches, {vehicles:,} vehicles, {vehicles - planned:,} left out",
        flush=True,
    )
    show("planner", figures["planner"])
    built, _, build_processor = clocked(lambda: build(problem))
    limit = limit_of(seconds)
    figures["arcs"] = {
        "variables": len(built.price),
        "rows": built.num_rows,
        "build_seconds": round(built.seconds, 2),
        "build_processor_seconds": round(build_processor, 2),
        "limit_seconds": round(limit),
    }
    print(f"  arcs: {len(built.price):,} variables, {built.num_rows:,} rows, at most {limit:.0f} s each")
    for solver in SOLVERS:
        figures[solver] = answer(built, solver, limit, build_processor)
        show(solver, figures[solver])
    return figures


def answer(built: ArcModel, solver: str, limit: float, build_processor: float) -> dict[str, Any]:
    """What a solver had at the end, building counted."""
    found, _, processor = clocked(lambda: solve_arcs(built, solver, limit))
    gap = found.gap_percent
    return {
        "status": found.status,
        "value": found.value,
        "bound": found.bound,
        "gap_percent": None if gap is None else round(gap, 6),
        "seconds": round(built.seconds + found.seconds, 2),
        "processor_seconds": round(build_processor + processor, 2),
    }


def clocked(call: Callable[[], Any]) -> tuple[Any, float, float]:
    """What a call gives back, its wall-clock and its processor seconds."""
    started, spent = time.perf_counter(), time.process_time()
    given = call()
    return given, time.perf_counter() - started, time.process_time() - spent


def judge(figures: dict[str, Any]) -> None:
    """Hold the values against each other and say how many times faster the planner is.

    A solver that was stopped took at least the time it had.

    Raises
    ------
    AssertionError
        If a solver that went through came to another value than the planner.
    """
    ours = figures["planner"]
    proved = [figures[solver] for solver in SOLVERS if figures[solver]["status"] == "optimal"]
    for theirs in proved:
        assert abs(theirs["value"] - ours["value"]) <= SAME * ours["value"], (theirs, ours)
    better = min(figures[solver]["processor_seconds"] for solver in (proved_names(figures) or SOLVERS))
    ratio = better / ours["processor_seconds"]
    figures["ratio"] = {"goal": GOAL, "better_of_two": round(ratio, 1), "solvers_through": len(proved)}
    at_least = "" if proved else "at least "
    verdict = "met" if ratio >= GOAL else "MISSED"
    print(f"  planner {at_least}{ratio:.1f}x faster (processor seconds); goal {GOAL}x: {verdict}", flush=True)


def proved_names(figures: dict[str, Any]) -> list[str]:
    """Solvers that proved their value the best."""
    return [solver for solver in SOLVERS if figures[solver]["status"] == "optimal"]


def show(name: str, row: dict[str, Any]) -> None:
    """Print one line of the table."""
    value = "-" if row["value"] is None else f"{row['value'] / 100:,.2f}"
    bound = "-" if row["bound"] is None or not np.isfinite(row["bound"]) else f"{row['bound'] / 100:,.2f}"
    print(
        f"    {name:<9}{row['status']:<17}value {value:>17}  bound {bound:>17}"
        f"{row['seconds']:>9.2f} s{row['processor_seconds']:>9.2f} s of processor",
        flush=True,
    )


if __name__ == "__main__":
    main()
