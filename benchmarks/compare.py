"""Four alternatives planned jointly beside one plan of the same batches: the shipped month.

Processor seconds of this process, so that other work on the machine counts for neither.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from planner.compare import compare
from planner.model.results import SolveOptions
from planner.reading.problem import read_problem
from planner.solve import solve

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
MONTH = ROOT / "network_data/batches/month.csv"
RESULTS = ROOT / "benchmarks/results/compare.json"


def main() -> None:
    """Plan once, compare once, write the ratio."""
    problem = read_problem(MONTH)
    options = SolveOptions(slot_values=0)
    solve(problem, options)  # compiles, and warms what is read from disk
    plan_s, result = _timed(lambda: solve(problem, options))
    compare_s, compared = _timed(lambda: compare(problem, options=options))
    figures = {
        "planSeconds": round(plan_s, 1),
        "compareSeconds": round(compare_s, 1),
        "ratio": round(compare_s / plan_s, 2),
        "planValue": result.plan.value,
        "alternatives": {
            one.alternative.name: {"value": one.result.plan.value, "gap": one.result.plan.gap}
            for one in compared.plans
        },
    }
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    since = time.process_time()
    done = work()
    return time.process_time() - since, done


if __name__ == "__main__":
    main()
