"""What a child does: the same calls as the command line, from files in its folder to files in its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.check import check
from planner.diff import PlanDiff, Version
from planner.diff import compare as compare_plans
from planner.model.results import NO_PLAN_FOUND, Progress, Result, SolveOptions
from planner.reading.documents import check_worked_out, plan_of, read_document
from planner.reading.kept import read_kept
from planner.reading.problem import read_hashed_problem
from planner.reading.what_if import read_changes
from planner.render.departures_document import departures_document
from planner.render.diff import diff_document
from planner.render.document import plan_document, plan_hash
from planner.render.folder import PLAN, make_folder, save, save_comparison, save_plan
from planner.render.run_record import record_run
from planner.what_if import changed
from service.comparisons.terms import ComparisonAsked
from service.jobs.children import BATCHES, DEPARTURES, KEPT, OUT
from service.plans.schemas import PlanAsked
from service.plans.terms import TermsAsked, read_moment, read_terms

if TYPE_CHECKING:
    from planner.model.problem import Problem
    from planner.what_if import Change

Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done.

    Parameters
    ----------
    folder
        Holds :data:`BATCHES`, and :data:`KEPT` where something is kept; results go into :data:`OUT` there.
    network
        Folder of network tables; ``None`` = the shipped one.
    request
        Body of the request, as stored.
    why_stopped
        Asked when a search has stopped early: ``cancelled`` or ``time``.
    """

    folder: Path
    network: Path | None
    request: dict[str, Any]
    report: Report
    should_stop: Callable[[], bool]
    why_stopped: Callable[[], str | None]

    def read(self, asked: TermsAsked) -> tuple[Problem, str, Sequence[Change]]:
        """The problem, the SHA-256 of its batches, and what is changed in its network."""
        terms = read_terms(asked)
        content = (self.folder / BATCHES).read_bytes()
        problem, batches_sha256 = read_hashed_problem(
            content, "batches", self.network, terms.currency, terms.to_terms, terms.rates_date
        )
        return problem, batches_sha256, read_changes(problem.network, asked.what_if.switches())

    def named(self, result: Result) -> Result:
        """The result, with the limit that stopped it named: only the parent knows which it was."""
        if result.stopped_by != "cancelled":
            return result
        return replace(result, stopped_by=self.why_stopped() or "cancelled")


def make_plan(task: Task) -> dict[str, Any]:
    """Plan, check, render; what is to be said of it."""
    from planner.solve import solve

    asked = PlanAsked.model_validate(task.request, strict=False)
    problem, batches_sha256, changes = task.read(asked)
    kept_sha256 = ""
    if asked.keep_plan_id is not None:
        freeze_min = read_moment("/freezeBefore", asked.freeze_before)
        kept = (task.folder / KEPT).read_bytes()
        problem, kept_sha256 = read_kept(problem, kept, asked.keep_plan_id, freeze_min)
    options = SolveOptions(seed=asked.seed, slot_values=asked.slot_values)
    plan_it = partial(solve, options=options, progress=task.report, should_stop=task.should_stop)
    before = plan_it(problem) if changes else None
    problem = changed(problem, changes)
    result = task.named(plan_it(problem))
    if result.status == NO_PLAN_FOUND:
        return {
            "state": "failed",
            "failure": {"code": "no-plan", "detail": "stopped before there was a plan"},
        }
    record = record_run(
        batches_sha256,
        options,
        kept_plan_sha256=kept_sha256,
        rates_date=read_terms(asked).rates_date,
        what_if=[" ".join(switch) for switch in asked.what_if.switches()],
    )
    difference = None if before is None else diff_document(_difference(problem, before, result))
    document = plan_document(problem, result, record, difference)
    out = make_folder(task.folder / OUT)
    save_plan(out, problem, result.plan, document, asked.language, keeps_data=True)
    departures = departures_document(problem, result.plan)
    save(task.folder / DEPARTURES, json.dumps(departures, ensure_ascii=False))
    _check_stored(problem, out / PLAN)
    return {
        "state": "cancelled" if result.stopped_by == "cancelled" else "succeeded",
        "planSha256": plan_hash(document),
        "summary": plan_summary(document),
    }


def _check_stored(problem: Problem, path: Path) -> None:
    """Hold what is written, not what is in memory, against every rule, and its sums against its parts."""
    document = read_document(path)
    plan = plan_of(document)
    check(problem, plan)
    check_worked_out(document, problem, plan)


def make_comparison(task: Task) -> dict[str, Any]:
    """Plan under each alternative, hold the plans side by side; what is to be said of it."""
    from planner.compare import compare
    from planner.comparison import hold_beside
    from planner.reading.sweeps import read_sweeps
    from planner.reading.wishes import read_alternatives
    from planner.render.compare_document import comparison_document
    from planner.study import study

    asked = ComparisonAsked.model_validate(task.request, strict=False)
    problem, batches_sha256, changes = task.read(asked)
    alternatives = read_alternatives(problem, asked.alternatives, asked.only)
    sweeps = read_sweeps(asked.sweeps, asked.currency)
    options = SolveOptions(seed=asked.seed)
    plan_all = partial(
        compare,
        alternatives=alternatives,
        options=options,
        progress=task.report,
        should_stop=task.should_stop,
    )
    without = hold_beside(plan_all(problem).plans) if changes else None
    compared = plan_all(changed(problem, changes))
    studied = None
    if sweeps or asked.break_even:
        studied = study(
            compared.plans[compared.freest].alternative.name,
            compared.founds[compared.freest],
            options,
            sweeps=sweeps,
            break_even=asked.break_even,
            progress=task.report,
            should_stop=task.should_stop,
        )
    record = record_run(
        batches_sha256,
        options,
        rates_date=read_terms(asked).rates_date,
        what_if=[" ".join(switch) for switch in asked.what_if.switches()],
    )
    document = comparison_document(hold_beside(compared.plans), record, studied, without=without)
    out = make_folder(task.folder / OUT)
    save_comparison(out, compared.plans, compared.freest, document, record, asked.language, keeps_data=True)
    for one in compared.plans:
        _check_stored(one.problem, out / one.alternative.name / PLAN)
    why = task.why_stopped()
    return {
        "state": "cancelled" if why == "cancelled" else "succeeded",
        "summary": comparison_summary(document),
    }


def plan_summary(document: dict[str, Any]) -> dict[str, Any]:
    """Figures of a plan for lists and polls."""
    plan, record = document["plan"], document["runRecord"]
    named = (
        "objective",
        "objectiveUnit",
        "currency",
        "cents",
        "grams",
        "value",
        "bound",
        "gap",
        "absoluteGap",
    )
    return {
        "solutionStatus": record["status"],
        "stoppedBy": record["stoppedBy"],
        **{name: plan[name] for name in named},
        "totals": plan["totals"],
        "numBatches": len(plan["batches"]),
    }


def comparison_summary(document: dict[str, Any]) -> dict[str, Any]:
    """Figures of a comparison for lists and polls."""
    found = document["comparison"]
    return {
        "objective": found["objective"],
        "currency": found["currency"],
        "alternatives": [
            {
                name: one[name]
                for name in ("name", "status", "stoppedBy", "gap", "planSha256", "wins", "total")
            }
            for one in found["alternatives"]
        ],
    }


def _difference(problem: Problem, before: Result, result: Result) -> PlanDiff:
    due_min = {batch.id: batch.due_min for batch in problem.batches}
    return compare_plans(
        Version(plan=before.plan, due_min=due_min), Version(plan=result.plan, due_min=due_min)
    )
