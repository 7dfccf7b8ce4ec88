"""A thousand seeded batches over the shipped network, a third of a year, at the lowest cost.

How near the plan is proved to be to the best, how long each phase takes, how much memory; and how tight the
room is. With ``--profile`` the functions that take longest are listed too.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import platform
import pstats
import resource
import time
from pathlib import Path
from typing import Any

from benchmarks.month import OPTIONS, displaced_share
from benchmarks.shared.seeded import Recipe, seeded_batches
from planner.model import Problem, Result
from planner.reading.tables import read_network
from planner.solve import solve

RESULTS = Path(__file__).resolve().parent / "results" / "thousand.json"
RECIPE = Recipe(number=1_000, days=120, slack_days=((28, 50), *[(60, 110)] * 4))
GAP_GOAL_PERCENT, SECONDS_GOAL = 0.1, 30
LONGEST = 40
"""Functions that a profile lists."""


def main() -> None:
    """Plan, print and keep the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.thousand", description=__doc__.splitlines()[0])
    parser.add_argument("--profile", action="store_true", help="list the functions that take longest")
    profiled = parser.parse_args().profile
    network = read_network()
    solve(
        Problem(
            network=network,
            batches=seeded_batches(network, Recipe(number=2, days=1, slack_days=RECIPE.slack_days)),
        )
    )
    problem = Problem(network=network, batches=seeded_batches(network, RECIPE))
    profile = cProfile.Profile()
    if profiled:
        profile.enable()
    started, spent = time.perf_counter(), time.process_time()
    result = solve(problem, OPTIONS)
    seconds, processor = time.perf_counter() - started, time.process_time() - spent
    profile.disable()
    figures = figures_of(problem, result, seconds, processor)
    show(figures)
    if profiled:  # slower by half than without: no figures to keep
        for order in ("tottime", "cumtime"):
            pstats.Stats(profile).sort_stats(order).print_stats(LONGEST)
        return
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def figures_of(problem: Problem, result: Result, seconds: float, processor: float) -> dict[str, Any]:
    """Figures of a plan by name."""
    plan = result.plan
    peak_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    vehicles = sum(batch.vehicles for batch in problem.batches)
    return {
        "batches": len(problem.batches),
        "vehicles": vehicles,
        "left_out": vehicles - sum(batch.planned_vehicles for batch in plan.batches),
        "displaced_percent": round(100 * displaced_share(problem, result), 1),
        "charters": len(plan.charters),
        "value": plan.value,
        "bound": plan.bound,
        "gap_percent": round(100 * plan.gap, 4) if plan.gap is not None else None,
        "status": result.status,
        "stopped_by": result.stopped_by,
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "phases": {phase: round(spent, 2) for phase, spent in result.seconds.items()},
        "counts": dict(result.counts),
        "peak_mb": peak_mb,
        "python": platform.python_version(),
    }


def show(figures: dict[str, Any]) -> None:
    """Print the figures and whether they meet the goals."""
    print(
        f"{figures['batches']:,} batches, {figures['vehicles']:,} vehicles, {figures['left_out']:,} left out;"
        f" {figures['displaced_percent']} % of the batches can't have their own best"
    )
    for phase, seconds in figures["phases"].items():
        print(f"  {phase:<18}{seconds:>8.2f} s")
    gap, seconds = figures["gap_percent"], figures["seconds"]
    near = "met" if gap is not None and gap <= GAP_GOAL_PERCENT else "MISSED"
    fast = "met" if seconds <= SECONDS_GOAL else "MISSED"
    print(f"gap {gap} %, goal {GAP_GOAL_PERCENT} %: {near}")
    print(f"{seconds} s ({figures['processor_seconds']} s of processor), goal {SECONDS_GOAL} s: {fast}")
    print(f"peak memory: {figures['peak_mb']} MB")


if __name__ == "__main__":
    main()
