"""What of a plan is kept when it is planned again, and what can't be."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date

import pytest

from planner.check import find_faults
from planner.errors import InputError
from planner.keep import booked_of, kept_itineraries, kept_of
from planner.model import BoxRun, SolveOptions
from planner.reading.documents import plan_of, read_batch_facts, read_document
from planner.reading.kept import read_kept
from planner.render.document import plan_document
from planner.render.run_record import RunRecord
from planner.solve import solve
from tests.render.sample_plan import PLAN, at
from tests.tiny import START_MIN, tiny

HOUR = 60
WORLD = """
    service early plant -> market@24 leaves=Mon at=08:00 room=10 price=40 cutoff=2
    service late  plant -> market@24 leaves=Wed at=08:00 room=10 price=50 cutoff=2
    batch   14 car plant -> market ready=0 due=120
    batch   3 car plant -> market ready=24 due=120
"""


def planned(text=WORLD):
    """The world of a text, its plan, and the document of the plan."""
    problem = tiny(text)
    result = solve(problem)
    document = plan_document(problem, result, RunRecord())
    return problem, result.plan, json.loads(json.dumps(document))


def keep(problem, document, freeze_before_min=None):
    """What is kept in a problem of a document, by the name of its services."""
    content = json.dumps(document).encode()
    kept, _ = read_kept(problem, content, "plan.json", freeze_before_min)
    return {
        batch: [(one.chain[0].service_id, one.vehicles, one.booked) for one in itineraries]
        for batch, itineraries in kept.kept.items()
    }


def book(document, batch=0, itinerary=0):
    document["plan"]["batches"][batch]["itineraries"][itinerary]["booked"] = True
    return document


def refusals(problem, document, freeze_before_min=None):
    with pytest.raises(InputError) as caught:
        keep(problem, document, freeze_before_min)
    return caught.value.issues


def test_nothing_is_kept_of_a_plan_without_bookings():
    problem, _, document = planned()
    assert keep(problem, document) == {}


def test_what_is_booked_is_kept_and_nothing_else():
    problem, _, document = planned()
    assert keep(problem, book(document)) == {"b1": [("early", 10, True)]}


def test_what_leaves_before_a_moment_is_kept_and_counts_as_booked_then():
    problem, _, document = planned()
    gate = START_MIN + (8 - 2) * HOUR
    assert keep(problem, document, gate) == {}, "the gate closes at that moment, not before it"
    assert keep(problem, document, gate + 1) == {"b1": [("early", 10, True)]}
    kept = keep(problem, document, gate + 48 * HOUR + 1)
    assert kept == {"b1": [("early", 10, True), ("late", 4, True)], "b2": [("late", 3, True)]}


def test_a_truck_that_has_left_is_kept_although_its_ship_has_not():
    first_truck = at(4, 1)
    assert kept_itineraries(PLAN, first_truck) == booked_of(PLAN)
    frozen = kept_itineraries(PLAN, first_truck + 1)["B-1"]
    assert [(one.vehicles, one.booked) for one in frozen] == [(4, True), (3, True)]


def test_a_plan_made_again_has_what_is_kept_as_it_was():
    """The early service is dearer now: without the booking nobody would ride it."""
    _, plan, document = planned()
    dearer = tiny(WORLD.replace("price=40", "price=400"))
    kept, digest = read_kept(dearer, json.dumps(book(document)).encode(), "plan.json", None)
    again = solve(kept, SolveOptions()).plan
    first, *others = again.batches[0].itineraries
    before = plan.batches[0].itineraries[0]
    assert (first.vehicles, first.stages, first.booked) == (before.vehicles, before.stages, True)
    assert first.vehicle_cents == 400, "at today's price"
    assert not any(one.booked for one in others)
    assert len(digest) == 64
    free = solve(dearer).plan.batches[0]
    assert [one.chain[0].service_id for one in free.itineraries] != ["early"]


def test_a_kept_batch_that_is_not_in_the_file_is_named():
    problem, _, document = planned()
    gone = replace(problem, batches=problem.batches[1:])
    (issue,) = refusals(gone, book(document))
    assert (issue.file, issue.column, issue.value) == ("plan.json", "/plan/batches/0/batchId", "b1")
    assert "10 vehicles of the batch are kept, and it is not in the batch file" in issue.reason


def test_a_batch_that_is_not_kept_may_be_gone():
    problem, _, document = planned()
    gone = replace(problem, batches=problem.batches[:1])
    assert keep(gone, book(document)) == {"b1": [("early", 10, True)]}


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"vehicles": 9}, "vehicles", "keeps 10 vehicles, and in the batch file it has 9"),
        ({"origin": "market", "destination": "plant"}, "origin", "it is market"),
        ({"vehicle_type": "van"}, "vehicleType", "it is van"),
        ({"ready_min": START_MIN + 1}, "readyUtc", "it is another time"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_kept_batch_that_is_another_now_is_named_with_what_differs(change, pointer, words):
    problem, _, document = planned()
    first, second = problem.batches
    other = replace(problem, batches=(replace(first, **change), second))
    issues = refusals(other, book(document))
    assert issues[0].column == f"/plan/batches/0/{pointer}"
    assert f"batch b1 {'keeps' if 'keeps' in words else 'is kept'}" in issues[0].reason
    assert words in issues[0].reason


def test_a_batch_may_have_more_vehicles_than_before():
    problem, _, document = planned()
    first, second = problem.batches
    more = replace(problem, batches=(replace(first, vehicles=99), second))
    assert keep(more, book(document)) == {"b1": [("early", 10, True)]}


def test_a_departure_that_does_not_leave_any_more_is_named():
    _, _, document = planned()
    without = tiny(WORLD.replace("leaves=Mon", "leaves=Tue"))
    issues = refusals(without, book(document))
    assert {issue.column for issue in issues} == {"/plan/batches/0/itineraries/0"}
    assert any("batch b1 is kept on it" in issue.reason and "early" in issue.reason for issue in issues)


def test_a_departure_that_leaves_at_another_time_is_named():
    _, _, document = planned()
    later = tiny(WORLD.replace("leaves=Mon at=08:00", "leaves=Mon at=09:00"))
    assert any("gate" in issue.reason for issue in refusals(later, book(document)))


def test_a_service_that_is_gone_is_named_and_not_raised():
    _, _, document = planned()
    gone = tiny(WORLD.replace("service early", "service other"))
    (issue,) = refusals(gone, book(document))
    assert "unknown service early" in issue.reason


def test_a_kept_ride_whose_place_is_shut_now_is_named():
    _, _, document = planned()
    shut = tiny(WORLD + "closure market Tue Wed closed")
    (issue,) = refusals(shut, book(document))
    assert "closed" in issue.reason


def test_today_does_not_speak_of_what_is_kept():
    problem, _, document = planned()
    later = replace(problem, terms=replace(problem.terms, today=date(2025, 3, 20)))
    assert keep(later, book(document)) == {"b1": [("early", 10, True)]}


def test_departures_with_less_room_than_is_kept_are_named():
    _, _, document = planned()
    smaller = tiny(WORLD.replace("leaves=Mon at=08:00 room=10", "leaves=Mon at=08:00 room=9"))
    (issue,) = refusals(smaller, book(document))
    assert "capacity: early 2025-03-03: 10 units on leg 0, room for 9" in issue.reason


def test_places_that_handle_less_than_is_kept_are_named():
    _, _, document = planned()
    slower = tiny(WORLD + "throughput market loose 9")
    (issue,) = refusals(slower, book(document))
    assert "throughput: market loose 2025-03-04: 10 units, room for 9" in issue.reason


def test_kept_vehicles_of_a_run_share_boxes():
    """4 vehicles fill 2 boxes of 3."""
    boxed = """
        type    suv per_box=3
        service train plant -> market@24 leaves=Mon at=08:00 room=2 form=boxed price=90 per=feu
        batch   4 suv plant -> market ready=0 due=120
    """
    problem, _, document = planned(boxed)
    assert keep(problem, book(document)) == {"b1": [("train", 4, True)]}
    (issue,) = refusals(tiny(boxed.replace("room=2", "room=1")), document, START_MIN + 10_000)
    assert "capacity: train 2025-03-03: 2 units on leg 0, room for 1" in issue.reason


def test_boxes_booked_one_after_the_other_stay_apart():
    """A box booked half full is closed; the vehicles of the next booking do not move into it later."""
    text = """
        type    suv per_box=3
        service train plant -> market@24 leaves=Mon at=08:00 room=10 form=boxed price=90 per=feu
        batch   {vehicles} suv plant -> market ready=0 due=120
    """
    first = solve(tiny(text.format(vehicles=2))).plan
    problem = replace(tiny(text.format(vehicles=3)), kept=booked_all(first))
    second = solve(problem).plan
    assert [(run.vehicles, run.boxes) for run in second.batches[0].box_runs] == [(2, 1), (1, 1)]
    third = solve(replace(problem, kept=booked_all(second))).plan
    assert [(run.vehicles, run.boxes) for run in third.batches[0].box_runs] == [(2, 1), (1, 1)]
    assert third.cents == second.cents
    both, one = third.batches[0].itineraries
    together = replace(
        third.batches[0],
        itineraries=(both, replace(one, box_run=0)),
        box_runs=(BoxRun(vehicles=3, boxes=1, box_cents=both.box_cents),),
    )
    merged = replace(third, batches=(together,))
    found = find_faults(replace(problem, kept=booked_all(second)), merged)
    assert "kept" in {finding.rule for finding in found}


def booked_all(plan):
    """All itineraries of a plan as kept."""
    return {
        entry.batch_id: tuple(replace(one, booked=True) for one in entry.itineraries)
        for entry in plan.batches
    }


def test_every_fault_of_every_kept_batch_is_told_at_once():
    problem, _, document = planned()
    first, second = problem.batches
    other = replace(
        problem, batches=(replace(first, vehicles=1), replace(second, ready_min=second.ready_min - 60))
    )
    columns = [issue.column for issue in refusals(other, book(book(document), 1))]
    assert columns == ["/plan/batches/0/vehicles", "/plan/batches/1/readyUtc"]


def test_facts_and_plan_of_one_document_belong_together():
    problem, plan, document = planned()
    parsed = read_document(io.BytesIO(json.dumps(document).encode()))
    assert kept_of(problem, plan_of(parsed), read_batch_facts(parsed)) == booked_of(plan) == {}
