"""Plans and comparisons in the database of a service, made by hand: pages of them need no solver."""

from __future__ import annotations

import json

from sqlalchemy import update

from planner.comparison import hold_beside
from planner.model.alternatives import Alternative, Planned
from planner.model.services import RAIL
from planner.render.compare_document import comparison_document
from planner.render.departures_document import departures_document
from planner.render.document import plan_document, plan_hash
from planner.render.drawn_plan import draw_plan
from planner.render.folder import (
    PLAN,
    SHOWN,
    SHOWN_ROWS,
    make_folder,
    save,
    save_comparison,
    save_plan,
)
from planner.render.geojson import compact_json
from planner.render.report_html import report_data
from planner.render.report_split import split_plan
from planner.render.run_record import RunRecord
from service.batch_sets import repository as batch_sets
from service.comparisons import repository as comparisons
from service.ids import new_id
from service.jobs import queue, results
from service.jobs.children import DEPARTURES, OUT
from service.jobs.tasks import comparison_summary, plan_summary
from service.plans import repository as plans
from service.settings import LOCAL_TENANT
from service.store.tables import jobs
from tests.render.report_pages import STUDY

TENANT = LOCAL_TENANT
RTL = "\u202eevil\u202c"
NAME = f"<script>alert(1)</script>\"'>{RTL}<img src=x onerror=alert(1)>"
TIMES = 60
"""Copies of the sample in a plan: 120 batches, more than two pages of a table."""
HEAD = "batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due\n"
GOOD = "G-1,BYD,BYD-CGO,CMP-RUHR,seal,30,2027-03-04,2027-04-20\n"


def plant_set(app, name="planted", num_batches=2):
    """A closed batch set without rows: nothing is planned from it."""
    batch_set_id = new_id("set")
    values = {
        "tenant_id": TENANT,
        "batch_set_id": batch_set_id,
        "external_ref": None,
        "name": name,
        "network_id": "shipped",
        "state": "closed",
        "version": 1,
        "num_batches": num_batches,
        "vehicles": 10,
        "next_position": 0,
        "created_ms": 1_800_000_000_000,
    }
    with app.state.database.write() as connection:
        batch_sets.add_set(connection, values)
    return batch_set_id


def plant_plan(
    app, folder, problem, result, *, name="planted", state="succeeded", difference=None, has_files=True
):
    """A plan as if a child had made it, with its files or only with what pages read; its id."""
    document = plan_document(problem, result, RunRecord(), difference)
    out = make_folder(folder / OUT)
    if has_files:
        save_plan(out, problem, result.plan, document, keeps_data=True)
    else:
        drawn = draw_plan(problem.network, result.plan)
        first, rows = split_plan(report_data(problem, result.plan, document, drawn))
        parts = {PLAN: document, SHOWN: {**first, "difference": None}, SHOWN_ROWS: rows}
        for file, part in parts.items():
            save(out / file, compact_json(part))
    save(folder / DEPARTURES, json.dumps(departures_document(problem, result.plan)))
    outcome = {"state": state, "planSha256": plan_hash(document), "summary": plan_summary(document)}
    return _plant(app, folder, queue.PLAN, name, outcome)


def plant_comparison(app, folder, problem, result, *, own="south", name="planted"):
    """A comparison of ``best``, ``rail`` and one of the user's own, with a study; its id."""
    alternatives = (
        Alternative(name="best"),
        Alternative(name="rail", modes=(RAIL,)),
        Alternative(name=own, not_via=(own,)),
    )
    planned = [Planned(alternative=one, problem=problem, result=result) for one in alternatives]
    held = hold_beside(planned)
    document = comparison_document(held, RunRecord(), STUDY, without=held)
    out = make_folder(folder / OUT)
    save_comparison(out, planned, 0, document, RunRecord(), keeps_data=True)
    outcome = {"state": "succeeded", "summary": comparison_summary(document)}
    return _plant(app, folder, queue.COMPARISON, name, outcome)


def plant_running(app, *, name="planted", progress=None):
    """A plan in the hands of a worker that is not there; its id and claim."""
    return _begin(app, queue.PLAN, name, progress=progress)


def _plant(app, folder, kind, name, outcome):
    job_id, claim = _begin(app, kind, name)
    found = results.collect(kind, folder)
    with app.state.database.write() as connection:
        assert results.store(connection, claim, app.state.database.now_ms(connection), outcome, found)
    return job_id


def _begin(app, kind, name, progress=None):
    batch_set_id = plant_set(app, name)
    job_id = new_id("pln" if kind == queue.PLAN else "cmp")
    what_if = {"close": ["ANTWERP:2027-03-01..2028-03-01"], "price": ["rail=+500%"], "capacity": []}
    asked = {"objective": "cost", "currency": "USD", "whatIf": what_if}
    own = {
        "tenant_id": TENANT,
        "plan_id" if kind == queue.PLAN else "comparison_id": job_id,
        "external_ref": None,
        "batch_set_id": batch_set_id,
        "network_id": "shipped",
        "request": json.dumps(asked),
    }
    with app.state.database.write() as connection:
        now_ms = app.state.database.now_ms(connection)
        queue.put(connection, TENANT, job_id, kind, now_ms, time_limit_s=60, memory_limit_mb=1000)
        if kind == queue.PLAN:
            plans.add(connection, {**own, "keep_plan_id": None, "created_ms": now_ms})
        else:
            comparisons.add(connection, {**own, "created_ms": now_ms})
        # Taken before anybody sees it waiting, whatever else waits.
        taken = {"state": queue.RUNNING, "fence": 1, "attempts": 1, "lease_until_ms": now_ms + 600_000}
        told = None if progress is None else json.dumps(progress)
        taken |= {"started_ms": now_ms, "progress": told}
        connection.execute(update(jobs).where(jobs.c.job_id == job_id).values(taken))
        claim = queue.Claim(TENANT, job_id, kind, 1, 1, 60, 1000)
    return job_id, claim
