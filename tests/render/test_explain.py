"""One batch of a plan explained, and the difference of two plans, as screens."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rich.console import Console

from planner.diff import Version, compare
from planner.model import Unplanned
from planner.render.diff import diff_document, diff_view
from planner.render.explain import cents_text, explain_view
from planner.render.words import WIDTH
from tests.render.sample_plan import PLAN, PROBLEM

FIRST, SECOND = PLAN.batches


def drawn(view):
    console = Console(width=WIDTH, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(view)
    rows = [row.rstrip() for row in capture.get().splitlines()]
    assert max(map(len, rows)) <= WIDTH
    return "\n".join(rows)


def explained(batch_id="B-1", plan=PLAN, problem=PROBLEM):
    return drawn(explain_view(problem, plan, batch_id))


def difference(new, old=PLAN):
    due = {batch.id: batch.due_min for batch in PROBLEM.batches}
    return compare(Version(plan=old, due_min=due), Version(plan=new, due_min=due))


def test_an_explained_batch_reads_as_intended(root):
    expected = root / "tests" / "render" / "explain_view.txt"
    assert explained() == expected.read_text(encoding="utf-8").rstrip("\n")


def test_every_stage_and_every_price_is_there():
    text = " ".join(explained().split())
    for itinerary in FIRST.itineraries:
        for line in itinerary.lines:
            assert f"{line.label} {cents_text(line.unit_cents)}" in text
        for stage in itinerary.chain:
            assert f"by {stage.mode}: {stage.service_id} of" in text
    assert text.count("waits for") == 8


def test_a_batch_left_out_says_why_and_what_that_means():
    text = explained("B-2")
    assert "3 vehicles: too late" in text
    assert "whatever the room" in text
    assert "@earliest 29 March" in text
    assert "Baseline  none: no reference ride ends within 1,000 km" in text
    assert "Planned" not in text


def test_slow_journeys_are_told_where_they_change_anything():
    first = FIRST.itineraries[0]
    words = "if every journey is a slow one"
    assert explained().count(words) == 1, "the trains have a week to spare before their trucks"
    calls = PROBLEM.network.services["TRAIN"].calls
    slower = replace(calls[1], arrive_high_min=calls[1].arrive_min + 14 * 1_440)
    services = PROBLEM.network.services | {
        "TRAIN": replace(PROBLEM.network.services["TRAIN"], calls=(calls[0], slower))
    }
    problem = replace(PROBLEM, network=replace(PROBLEM.network, services=services))
    late = explained(problem=problem)
    assert late.count(words) == 3
    assert "0.6 days before due; if every journey is a slow one, " in late
    assert first.delivered_min < PROBLEM.batches[0].due_min


def test_a_gate_that_slow_journeys_miss_is_told():
    train = FIRST.itineraries[0]
    ship = next(stage for stage in FIRST.itineraries[2].stages if stage.kind == "ride")
    # A second ride right after the first one's handling: no slack at all at its gate.
    stages = (*train.stages[:7], replace(ship, start_min=train.stages[6].end_min), *train.stages[9:])
    plan = replace(
        PLAN,
        batches=(replace(FIRST, itineraries=(replace(train, stages=stages), *FIRST.itineraries[1:])), SECOND),
    )
    assert "if every journey is a slow one, a gate is missed" in explained(plan=plan)


def test_without_emission_factors_nothing_is_said_of_co2e():
    bare = replace(PLAN, grams=None)
    assert "CO2e" not in explained(plan=bare)


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0.00"), (5, "0.05"), (-105, "-1.05"), (123_456_789, "1,234,567.89")]
)
def test_cents_are_shown_in_whole_units_with_two_decimals(cents, text):
    assert cents_text(cents) == text


def test_equal_plans_say_so():
    assert drawn(diff_view(difference(PLAN))) == "The two plans are equal."


def test_the_difference_shows_totals_moves_and_who_is_left_out():
    itineraries = tuple(
        replace(one, vehicles=number) for one, number in zip(FIRST.itineraries, (1, 3, 4), strict=True)
    )
    left = Unplanned(vehicles=4, reason="no_room", facts="")
    first = replace(FIRST, itineraries=itineraries, unplanned=left)
    new = replace(PLAN, batches=(first, SECOND), cents=PLAN.cents + 12_345, objective="time")
    text = drawn(diff_view(difference(new)))
    rows = [" ".join(row.split()) for row in text.splitlines()]
    assert "left out 5 7 +2 vehicles" in rows
    assert "planned 10 8 -2 vehicles" in rows
    assert "cost 30,766.29 30,889.74 +123.45 USD" in rows
    assert "boxes 3 3 - boxes" in rows
    assert "The old plan is best at cost, the new one at time." in rows
    assert "Newly left out: 2 vehicles: 2 of B-1" in rows
    (start,) = [number for number, row in enumerate(rows) if row.startswith("Batch vehicles")]
    assert rows[start + 1].startswith("B-1 1 TRAIN of 2027-03-08, CN-RAIL to SHIP of 2027-03-08")
    assert any(row.startswith("2 TRAIN") and "left out" in row for row in rows[start + 2 :])


def test_plans_that_differ_in_their_proof_only_say_that_nobody_goes_another_way():
    assert "No batch goes another way" in drawn(diff_view(difference(replace(PLAN, bound=1))))


def test_a_figure_that_one_plan_does_not_have_is_not_known():
    assert "not known" in drawn(diff_view(difference(replace(PLAN, grams=None))))


def test_the_difference_as_json_holds_no_floats():
    document = diff_document(difference(replace(PLAN, cents=PLAN.cents + 1)))
    again = json.loads(json.dumps(document), parse_float=lambda text: pytest.fail(f"{text} is a float"))
    assert (again["equal"], again["currency"]) == (False, "USD")
    rows = {total["name"]: total for total in again["totals"]}
    assert rows["cost"]["difference"] == 1
    assert rows["cost of a vehicle"]["difference"] == "0.1"
