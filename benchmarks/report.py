"""The report of 2,000 batches: seconds to write it, and its size.

The shipped month is planned once, and every batch of the plan repeated until there are 2,000: departures,
places and services stay those of the month; batches, itineraries, stages and price lines grow eightfold.
"""

from __future__ import annotations

import json
import platform
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.model import Problem, Result, SolveOptions
from planner.reading.batches import read_batches
from planner.reading.tables import read_network
from planner.render.document import json_text, plan_document, plan_hash
from planner.render.drawn_plan import draw_plan
from planner.render.geojson import geojson_text
from planner.render.plan_features import plan_features
from planner.render.report_html import report_data, report_page
from planner.render.run_record import record_run
from planner.solve import solve

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
MONTH = ROOT / "network_data" / "batches" / "month.csv"
RESULTS = ROOT / "benchmarks" / "results" / "report.json"
OPTIONS = SolveOptions(slot_values=0)
BATCHES = 2_000
GOAL_SECONDS, GOAL_MB = 5, 8


def repeated(problem: Problem, result: Result, times: int) -> tuple[Problem, Result]:
    """A plan with every batch so many times over; sums grow with them."""
    plan = result.plan
    copies = [f"-{number}" for number in range(times)]
    batches = tuple(replace(batch, id=batch.id + copy) for copy in copies for batch in problem.batches)
    entries = tuple(
        replace(entry, batch_id=entry.batch_id + copy) for copy in copies for entry in plan.batches
    )
    larger = replace(
        plan,
        batches=entries,
        cents=times * plan.cents,
        vehicle_min=times * plan.vehicle_min,
        grams=None if plan.grams is None else times * plan.grams,
        penalty=times * plan.penalty,
        value=times * plan.value,
        bound=None,
        lp_bound=None,
    )
    return replace(problem, batches=batches), replace(result, plan=larger)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and its seconds."""
    started = time.perf_counter()
    done = work()
    return done, time.perf_counter() - started


def run() -> dict[str, Any]:
    """Plan the month, repeat it, write its report; figures by name."""
    network = read_network()
    month = Problem(network=network, batches=read_batches(MONTH, network))
    problem, result = repeated(month, solve(month, OPTIONS), BATCHES // len(month.batches))
    document, document_seconds = timed(lambda: plan_document(problem, result, record_run("", OPTIONS)))
    drawn, draw_seconds = timed(lambda: draw_plan(network, result.plan))
    page, page_seconds = timed(lambda: report_page(report_data(problem, result.plan, document, drawn)))
    sha256 = plan_hash(document)
    features, feature_seconds = timed(
        lambda: geojson_text(plan_features(network, result.plan, drawn, sha256))
    )
    return {
        "batches": len(problem.batches),
        "itineraries": sum(len(entry.itineraries) for entry in result.plan.batches),
        "report_seconds": round(draw_seconds + page_seconds, 2),
        "report_mb": round(len(page.encode()) / 1e6, 2),
        "geojson_seconds": round(feature_seconds, 2),
        "geojson_mb": round(len(features.encode()) / 1e6, 2),
        "plan_json_seconds": round(document_seconds, 2),
        "plan_json_mb": round(len(json_text(document).encode()) / 1e6, 1),
        "goal_seconds": GOAL_SECONDS,
        "goal_mb": GOAL_MB,
        "python": platform.python_version(),
    }


def main() -> None:
    """Print the figures and keep them."""
    figures = run()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    for name, value in figures.items():
        print(f"{name:<20}{value:>10}" if isinstance(value, str) else f"{name:<20}{value:>10,}")


if __name__ == "__main__":
    main()
