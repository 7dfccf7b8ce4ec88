import io
import json
from dataclasses import fields, is_dataclass, replace
from datetime import date
from fractions import Fraction

import pytest

from planner.errors import InputError
from planner.model import Baseline, BatchPlan, Plan, Result, Terms
from planner.reading.documents import (
    check_worked_out,
    plan_of,
    read_batch_facts,
    read_document,
    read_inputs,
    read_plan,
    read_terms,
)
from planner.render.document import plan_document
from planner.render.run_record import RunRecord
from tests.render.sample_plan import BLEND_PLAN, PLAN, PROBLEM, RESULT, TERMS, at

RECORD = RunRecord(
    versions={"landbridge": "0.1.0"},
    batches_sha256="b" * 64,
    kept_plan_sha256="c" * 64,
    rates_date=date(2026, 3, 1),
)
TRAIN = "/plan/batches/0/itineraries/0"


@pytest.fixture
def document():
    return plan_document(PROBLEM, RESULT, RECORD)


def stream_of(document):
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return io.BytesIO(text.encode())


def put(document, pointer, value):
    """Set the value at a JSON pointer; ``...`` takes the key away."""
    *way, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    for step in way:
        document = document[step]
    if value is ...:
        del document[last]
    else:
        document[last] = value


def refusals(document):
    """What is refused, as (pointer, reason); always under the name of the file."""
    with pytest.raises(InputError) as caught:
        read_plan(stream_of(document), "plan.json")
    assert all(issue.file == "plan.json" for issue in caught.value.issues)
    return [(issue.column, issue.reason) for issue in caught.value.issues]


def test_a_plan_comes_back_as_it_was(document):
    assert read_plan(stream_of(document)) == PLAN


def test_a_plan_under_blend_comes_back_as_it_was():
    document = plan_document(PROBLEM, replace(RESULT, plan=BLEND_PLAN), RECORD)
    assert read_plan(stream_of(document)) == BLEND_PLAN


def test_a_plan_comes_back_from_a_file_with_a_byte_order_mark(document, tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8-sig")
    assert read_plan(path) == PLAN


def test_the_sample_sets_every_optional_field_of_a_plan_somewhere():
    """Else the round trip above would prove less than it says."""
    seen = set()

    def walk(value):
        if is_dataclass(value):
            for item in fields(value):
                child = getattr(value, item.name)
                if child not in (None, (), ""):
                    seen.add((type(value).__name__, item.name))
                walk(child)
        elif isinstance(value, tuple):
            for child in value:
                walk(child)

    walk(PLAN)
    walk(Baseline(reason="none"))
    every = {
        (type(value).__name__, item.name)
        for value in (
            PLAN,
            PLAN.batches[0],
            PLAN.batches[0].itineraries[0],
            PLAN.batches[0].itineraries[0].stages[0],
            PLAN.batches[0].itineraries[0].lines[0],
            PLAN.batches[0].itineraries[0].emissions[0],
            PLAN.batches[0].box_runs[0],
            PLAN.batches[0].part_charges[0],
            PLAN.batches[0].shares[0],
            PLAN.batches[0].unplanned,
            PLAN.batches[0].unplanned.remedies[0],
            PLAN.batches[0].baseline,
            PLAN.departures[0],
            PLAN.days[0],
            PLAN.charters[0],
            PLAN.slot_values[0],
        )
        for item in fields(value)
    }
    assert seen == every


def test_what_a_document_works_out_agrees_with_its_plan(document):
    check_worked_out(read_document(stream_of(document)), PROBLEM, PLAN)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/plan/gap", "0.5"),
        ("/plan/totals/boxes", 4),
        ("/plan/totals/boxes", "3"),
        ("/plan/totals", {}),
        ("/plan/centsByKind/freight", 1.5),
        ("/plan/batches/0/vehicles", 13),
        ("/plan/batches/1/itineraries", [None]),
        (f"{TRAIN}/stages/5/startLocal", "2027-03-08T07:00:00+09:00"),
        (f"{TRAIN}/doorMinutes", None),
        (f"{TRAIN}/lateUnderHighTimes", True),
        (f"{TRAIN}/slackMinutesUnderHighTimes", 0),
        (f"{TRAIN}/vehicleGrams", 1),
        ("/plan/totals/lateVehiclesUnderHighTimes", 0),
        ("/plan/gramsByMode/rail", 0),
        ("/plan/charters/0/capacityUnit", "vehicle"),
    ],
)
def test_what_a_document_works_out_is_refused_where_it_disagrees(document, pointer, value):
    put(document, pointer, value)
    with pytest.raises(InputError) as caught:
        check_worked_out(read_document(stream_of(document)), PROBLEM, PLAN)
    (issue,) = caught.value.issues
    assert issue.column == pointer
    assert "does not agree" in issue.reason
    assert "it should be" in issue.hint


def test_an_empty_plan_under_time_without_bounds_comes_back():
    plan = Plan(
        objective="time",
        currency="EUR",
        batches=(BatchPlan(batch_id="B-1"), BatchPlan(batch_id="B-2")),
        cents=0,
        vehicle_min=0,
        penalty=0,
        value=0,
    )
    document = plan_document(PROBLEM, Result(plan=plan, status="FEASIBLE"), RunRecord())
    assert read_plan(stream_of(document)) == plan


@pytest.mark.parametrize(
    "terms",
    [
        TERMS,
        Terms(),
        Terms(objective="time", currency="CNY", max_late_min=0),
        Terms(objective="co2e", unplanned_grams=7, times="high", today=date(2027, 3, 1)),
        Terms(objective="blend", day_value=Fraction(100, 3), carbon_price=Fraction(12_345, 2), times="low"),
    ],
)
def test_the_terms_come_back_exactly(terms):
    document = plan_document(replace(PROBLEM, terms=terms), RESULT, RECORD)
    assert read_terms(read_document(stream_of(document))) == terms


def test_what_a_plan_was_made_from_comes_back(document):
    inputs = read_inputs(read_document(stream_of(document)))
    assert (inputs.network_sha256, inputs.batches_sha256) == ("a" * 64, "b" * 64)
    assert (inputs.kept_plan_sha256, inputs.rates_date) == ("c" * 64, date(2026, 3, 1))


def test_what_a_document_says_of_the_batches_comes_back(document):
    first, second = read_batch_facts(read_document(stream_of(document)))
    assert (first.batch_id, first.vehicle_type, first.vehicles) == ("B-1", "SUV", 12)
    assert (first.origin, first.destination, first.ready_min) == ("CN-PLANT", "DE-YARD", at(4))
    assert (second.batch_id, second.node.pointer) == ("B-2", "/plan/batches/1")


def test_a_document_of_the_first_version_is_refused_with_what_to_do(document):
    put(document, "/schemaVersion", 1)
    with pytest.raises(InputError) as caught:
        read_document(stream_of(document), "plan.json")
    assert "older program, this one reads version 2 (plan the batches again" in str(caught.value)


def test_plan_and_terms_can_be_read_from_one_parsed_document(document):
    parsed = read_document(stream_of(document))
    assert (plan_of(parsed), read_terms(parsed)) == (PLAN, TERMS)


@pytest.mark.parametrize(
    ("pointer", "value", "word"),
    [
        ("/schemaVersion", 3, "version"),
        ("/schemaVersion", "1", "whole number"),
        ("/schemaVersion", ..., "schemaVersion"),
        ("/plan", ..., "missing"),
        ("/plan", [], "object"),
        ("/runRecord", ..., "missing"),
        ("/extra", 1, "not known"),
        ("/plan/cents", ..., "missing"),
        ("/plan/cents", "12", "whole number"),
        ("/plan/cents", 12.5, "whole number"),
        ("/plan/cents", True, "whole number"),
        ("/plan/cents", None, "whole number"),
        ("/plan/cents", float("nan"), "finite"),
        ("/plan/cents", float("-inf"), "finite"),
        ("/plan/cents", 10**30, "too long"),
        ("/plan/objective", "safest", "one of cost, time, co2e, blend"),
        ("/plan/currency", "", "blank"),
        ("/plan/totals", ..., "missing"),
        ("/plan/batches", {}, "list"),
        ("/plan/batches/0/batchId", 1, "text"),
        ("/plan/batches/0/unplanned/reason", "lost", "one of"),
        ("/plan/batches/0/unplanned/vehicles", 0, "below 1"),
        ("/plan/batches/0/boxRuns/0/boxes", -1, "below 1"),
        (f"{TRAIN}/vehicles", 0, "below 1"),
        (f"{TRAIN}/boxRun", 1, "box run"),
        (f"{TRAIN}/boxRun", -1, "below 0"),
        (f"{TRAIN}/stages", [], "empty"),
        (f"{TRAIN}/lines/0/stage", 10, "stage"),
        (f"{TRAIN}/lines/0/kind", "toll", "one of"),
        (f"{TRAIN}/lines/0/per", "ship", "one of"),
        (f"{TRAIN}/lines/0/kind", "module", "one of"),
        (f"{TRAIN}/emissions/1/stage", 10, "stage"),
        (f"{TRAIN}/emissions/0/unitGrams", -1, "below 0"),
        (f"{TRAIN}/booked", 1, "true or false"),
        (f"{TRAIN}/booked", None, "true or false"),
        (f"{TRAIN}/booked", ..., "missing"),
        ("/plan/grams", "1", "whole number"),
        ("/plan/batches/0/shares/0/kind", "freight", "one of"),
        ("/plan/batches/0/boxRuns/0/boxGrams", None, "whole number"),
        ("/plan/charters/0/modules", 0, "below 1"),
        ("/plan/charters/0/boarded", "2.5", "counting units"),
        ("/plan/days/0/used", -4, "below 0"),
        ("/plan/days/0/day", "2027-3-4", ""),
        (f"{TRAIN}/stages/5/kind", "flight", "one of"),
        (f"{TRAIN}/stages/5/mode", "origin", "one of"),
        (f"{TRAIN}/stages/5/serviceId", None, "missing"),
        (f"{TRAIN}/stages/2/boardSeq", 1, "null"),
        (f"{TRAIN}/stages/5/fromForm", "open", "one of"),
        (f"{TRAIN}/stages/5/departureDay", "2027-02-30", "calendar"),
        (f"{TRAIN}/stages/5/departureDay", "08/03/2027", "ambiguous"),
        (f"{TRAIN}/stages/5/startUtc", "2027-03-07T23:00:00+08:00", "UTC"),
        (f"{TRAIN}/stages/5/startUtc", "2027-03-07T23:00:30Z", "UTC"),
        (f"{TRAIN}/stages/5/startUtc", "2027-13-07T23:00:00Z", "calendar"),
        (f"{TRAIN}/stages/5/startUtc", "9999-12-31T23:59:00Z", "years"),
        ("/plan/departures/0/used", "1.234", "counting units"),
        ("/plan/departures/0/used", "-1", "counting units"),
        ("/plan/departures/0/used", "1e3", "number"),
        ("/plan/departures/0/used", 3.63, "text"),
        ("/plan/departures/1/capacity", "50.5", "counting units"),
        ("/plan/departures/0/capacityUnit", "teu", "one of"),
        ("/plan/departures/0/leg", -1, "below 0"),
    ],
)
def test_a_wrong_value_is_refused_at_its_pointer(document, pointer, value, word):
    put(document, pointer, value)
    ((where, reason),) = refusals(document)
    assert where == pointer
    assert word in reason


@pytest.mark.parametrize(
    ("pointer", "value", "word"),
    [
        ("/runRecord/terms", ..., "missing"),
        ("/runRecord/terms/carryingRate", 0.08, "text"),
        ("/runRecord/terms/carryingRate", "1/0", "number"),
        ("/runRecord/terms/maxLateMinutes", -1, "below 0"),
        ("/runRecord/terms/times", "usual", "one of low, typical, high"),
        ("/runRecord/terms/today", "soon", ""),
        ("/runRecord/terms/dayValueCents", 5, "text"),
        ("/runRecord/terms/discount", "1", "not known"),
    ],
)
def test_wrong_terms_are_refused_at_their_pointer(document, pointer, value, word):
    put(document, pointer, value)
    with pytest.raises(InputError) as caught:
        read_terms(read_document(stream_of(document), "plan.json"))
    (issue,) = caught.value.issues
    assert (issue.file, issue.column) == ("plan.json", pointer)
    assert word in issue.reason


def test_the_faults_of_all_batches_and_stages_are_told_at_once(document):
    for pointer in (f"{TRAIN}/stages/0/mode", f"{TRAIN}/stages/1/mode", "/plan/batches/1/batchId"):
        put(document, pointer, "")
    assert [where for where, _ in refusals(document)] == [
        f"{TRAIN}/stages/0/mode",
        f"{TRAIN}/stages/1/mode",
        "/plan/batches/1/batchId",
    ]


def test_an_unknown_key_is_refused_with_the_key_it_may_stand_for(document):
    put(document, "/plan/cent", 1)
    with pytest.raises(InputError) as caught:
        read_plan(stream_of(document))
    assert "did you mean cents?" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "pointer", "word"),
    [
        ('{"schemaVersion": 2, "schemaVersion": 2}', "/schemaVersion", "twice"),
        ('{"plan": {"a": 1, "b": {"c": 1, "c": 2}}}', "/plan/b/c", "twice"),
        ('{"runRecord": {"seconds": {"a/b~c": NaN}}}', "/runRecord/seconds/a~1b~0c", "finite"),
        ('{"plan": [1, -Infinity]}', "/plan/1", "finite"),
        ('{"plan": ' + "9" * 5_000 + "}", "/plan", "too long"),
        ('{"plan": "\\ud800"}', "/plan", "half a character"),
        ('{"\\ud800": 1}', "/'\\ud800'", "half a character"),
        ("[]", "/schemaVersion", "no plan document"),
        ("null", "/schemaVersion", "no plan document"),
        ('{"type": "FeatureCollection"}', "/schemaVersion", "no plan document"),
    ],
)
def test_json_that_is_no_plan_document_is_refused_at_its_pointer(text, pointer, word):
    ((where, reason),) = refusals(text)
    assert where == pointer
    assert word in reason


@pytest.mark.parametrize(
    "text", ["", " \n", "{", '{"a": 1,}', "{'a': 1}", "batch_id,origin\n", "\x00", '{"a": 01}']
)
def test_what_is_no_json_is_refused_without_a_traceback(text):
    ((_, reason),) = refusals(text)
    assert "JSON" in reason or "empty" in reason


def test_broken_json_names_its_line():
    with pytest.raises(InputError) as caught:
        read_plan(stream_of('{\n"schemaVersion": 1,\n"plan" {}}'), "plan.json")
    assert caught.value.issues[0].row == 3


def test_a_byte_that_is_not_utf8_names_its_line():
    with pytest.raises(InputError) as caught:
        read_plan(io.BytesIO(b'{\n"a": "\xff"}'), "plan.json")
    (issue,) = caught.value.issues
    assert (issue.row, "UTF-8" in issue.reason) == (2, True)


def test_json_nested_without_end_is_refused():
    ((_, reason),) = refusals("[" * 100_000)
    assert "nested" in reason or "JSON" in reason


def test_deep_but_whole_json_is_refused_as_too_deep():
    ((_, reason),) = refusals("[" * 500 + "]" * 500)
    assert "nested too deeply" in reason


@pytest.mark.parametrize("missing", ["no-such.json", "."])
def test_a_file_that_can_not_be_read_is_refused(tmp_path, missing):
    with pytest.raises(InputError) as caught:
        read_plan(tmp_path / missing)
    assert "can't be read" in str(caught.value)
