"""Reports of the sample plan, and of a plan of many batches like it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from planner.render.document import plan_document
from planner.render.drawn_plan import draw_plan
from planner.render.report_html import report_page
from planner.render.run_record import RunRecord
from tests.render.sample_plan import BATCHES, PLAN, PROBLEM, RESULT

EVIL = "</script><img src=x onerror=document.title='evil'>\u2028=cmd() {{data}} & \"x\""
COMPARISON = {
    "alternatives": [
        {
            "name": name,
            "cents": cents,
            "vehicles": 15,
            "planned": planned,
            "leftOut": 15 - planned,
            "late": 0,
            "lateUnderSlow": 3,
            "meanDoorMinutes": 40_000,
            "meanHaulMinutes": 30_000,
            "grams": 1_000_000,
            "gap": gap,
        }
        for name, cents, planned, gap in (("best", 3_000_000, 12, "0.0004"), (EVIL, 0, 0, None))
    ],
    "batches": [
        {"batchId": "B-1", "vehicles": 12, "winner": EVIL, "centsEach": {"best": 250_000, EVIL: None}}
    ],
    "sweeps": [
        {
            "kind": "rail-price",
            "unit": "USD/FEU",
            "points": [
                {"at": "3000.00", "vehiclesByMode": {"rail": 10, "roro": 2}, "cents": 3_000_000},
                {"at": "4500.50", "vehiclesByMode": {"roro": 12}, "cents": 3_200_000},
            ],
        }
    ],
}


def report(problem=PROBLEM, result=RESULT, lang="en", comparison=None):
    """Page and document of a result."""
    document = plan_document(problem, result, RunRecord())
    drawn = draw_plan(problem.network, result.plan)
    page = report_page(problem, result.plan, document, drawn, lang, comparison=comparison)
    return page, document


def data_of(page):
    """What the program of a page is given."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def many(times):
    """The sample, its batches so many times over: problem and result."""
    copies = [f"-{number}" for number in range(times)]
    problem = replace(
        PROBLEM,
        batches=tuple(replace(batch, id=batch.id + copy) for copy in copies for batch in BATCHES),
    )
    plan = replace(
        PLAN,
        batches=tuple(
            replace(entry, batch_id=entry.batch_id + copy) for copy in copies for entry in PLAN.batches
        ),
        cents=times * PLAN.cents,
        grams=times * (PLAN.grams or 0),
        vehicle_min=times * PLAN.vehicle_min,
        penalty=times * PLAN.penalty,
        value=times * PLAN.value,
    )
    return problem, replace(RESULT, plan=plan)


def with_names(name):
    """The sample with the same name for whatever a file may name."""
    network = PROBLEM.network
    named = replace(
        network,
        places={key: replace(place, name=name, name_zh=name) for key, place in network.places.items()},
        services={key: replace(one, name=name, operator=name) for key, one in network.services.items()},
        vehicle_types={key: replace(one, name=name) for key, one in network.vehicle_types.items()},
    )
    batches = tuple(replace(batch, shipper=name, reference=name) for batch in BATCHES)
    left = tuple(
        replace(entry, unplanned=replace(entry.unplanned, facts=name)) if entry.unplanned else entry
        for entry in PLAN.batches
    )
    problem = replace(PROBLEM, network=named, batches=batches)
    return problem, replace(RESULT, plan=replace(PLAN, batches=left))
