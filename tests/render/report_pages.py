"""Reports of the sample plan, and of a plan of many batches like it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction

from planner.comparison import hold_beside
from planner.model.alternatives import Alternative, Planned
from planner.model.break_evens import BreakEven
from planner.model.plans import BatchPlan, Unplanned
from planner.model.services import RAIL
from planner.model.studies import Flip, Study
from planner.model.sweeps import Curve, Point
from planner.render.compare_document import comparison_document
from planner.render.document import plan_document
from planner.render.drawn_plan import draw_plan
from planner.render.report_html import report_data, report_page
from planner.render.run_record import RunRecord
from tests.render.sample_plan import BATCHES, PLAN, PROBLEM, RESULT

EVIL = "</script><img src=x onerror=document.title='evil'>\u2028=cmd() {{data}} & \"x\""


def comparison_of(named="south"):
    """A comparison document of the sample under ``best``, ``rail`` and one of the user's, with a study."""
    problem = replace(PROBLEM, batches=tuple(replace(batch, shipper=named) for batch in BATCHES))
    alternatives = (
        Alternative(name="best"),
        Alternative(name="rail", modes=(RAIL,)),
        Alternative(name=named, not_via=(named,)),
    )
    plans = [Planned(alternative=one, problem=problem, result=RESULT) for one in alternatives]
    return comparison_document(hold_beside(plans), RunRecord(), STUDY)["comparison"]


def _point(dollars, by_train):
    return Point(
        amount=Fraction(100 * dollars),
        planned=10,
        cents=1_845_977 + 100 * dollars,
        vehicle_min=400_000,
        grams=None,
        by_train=by_train,
        vehicles_by_mode={"rail": by_train, "roro": 10 - by_train},
        value=1_845_977,
        gap=None,
    )


STUDY = Study(
    alternative="best",
    batches=(
        BreakEven(
            batch_id=BATCHES[0].id,
            by_train=True,
            extra_cents=123_456,
            freight_cents=590_000,
            left_out=0,
            day_value_cents=1_522,
            is_exact=True,
        ),
        BreakEven(
            batch_id=BATCHES[1].id,
            by_train=False,
            extra_cents=None,
            freight_cents=None,
            left_out=0,
            day_value_cents=None,
            is_exact=False,
        ),
    ),
    flips=(
        Flip(kind="rail-subsidy", below=_point(1_059, 2), above=_point(1_106, 9)),
        Flip(kind="day-value", below=None, above=None, leads=True),
    ),
    curves=(Curve(kind="rail-price", points=(_point(3_000, 9), _point(4_500, 4), _point(6_000, 2))),),
)
COMPARISON = comparison_of()


def report(problem=PROBLEM, result=RESULT, lang="en", comparison=None):
    """Page and document of a result."""
    document = plan_document(problem, result, RunRecord())
    drawn = draw_plan(problem.network, result.plan)
    alternative = comparison and "best"
    data = report_data(problem, result.plan, document, drawn, comparison=comparison, alternative=alternative)
    page = report_page(data, lang)
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


def nobody():
    """The sample with all left out: problem and result."""
    left = tuple(
        BatchPlan(batch_id=one.id, unplanned=Unplanned(vehicles=one.vehicles, reason="no_route", facts=""))
        for one in BATCHES
    )
    nothing = {"departures": (), "days": (), "charters": (), "slot_values": ()}
    plan = replace(PLAN, batches=left, **nothing, cents=0, grams=0, vehicle_min=0, value=PLAN.penalty)
    return PROBLEM, replace(RESULT, plan=replace(plan, bound=None, lp_bound=None))


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
