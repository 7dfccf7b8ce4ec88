import csv
import hashlib
import io
import json
from dataclasses import asdict, replace
from datetime import date
from fractions import Fraction

import pytest
from jsonschema import Draft202012Validator

from planner.model import BatchPlan, Plan, Result, SolveOptions, Terms
from planner.render.csv import COLUMNS, assignments_csv, guard
from planner.render.document import plan_document, plan_hash, plan_part
from planner.render.run_record import RunRecord
from planner.render.texts import exact_text
from tests.render.sample_plan import PLAN, PROBLEM, RESULT

RECORD = RunRecord(
    versions={"landbridge": "0.1.0", "python": "3.11"},
    batches_sha256="b" * 64,
    kept_plan_sha256="c" * 64,
    rates_date=date(2026, 3, 1),
)


@pytest.fixture
def document():
    return plan_document(PROBLEM, RESULT, RECORD)


@pytest.fixture(scope="session")
def schema(pytestconfig):
    return json.loads((pytestconfig.rootpath / "docs" / "plan.schema.json").read_text(encoding="utf-8"))


def list_objects(schema):
    """Every sub-schema of an object that names its members."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            yield schema
        for child in schema.values():
            yield from list_objects(child)


def test_the_sample_adds_up():
    assert PLAN.cents == sum(entry.cents for entry in PLAN.batches)
    assert PLAN.value == PLAN.cents + PLAN.penalty


def test_the_document_fits_its_schema(document, schema):
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(json.dumps(document)))


def test_an_empty_plan_fits_the_schema(schema):
    empty = Plan(objective="time", currency="EUR", batches=(), cents=0, vehicle_min=0, penalty=0, value=0)
    problem = replace(PROBLEM, batches=())
    document = plan_document(problem, Result(plan=empty, status="NO_PLAN_FOUND"), RunRecord())
    Draft202012Validator(schema).validate(document)
    assert document["plan"]["objectiveUnit"] == "vehicle-minutes"
    assert document["plan"]["gap"] is None


def test_every_object_of_the_schema_is_closed_and_asks_for_all_its_members(schema):
    for item in list_objects(schema):
        assert item["additionalProperties"] is False
        assert item["required"] == list(item["properties"])


@pytest.mark.parametrize("path", [("plan", "extra"), ("runRecord", "extra"), ("plan", "totals", "extra")])
def test_the_schema_refuses_an_unknown_key(document, schema, path):
    *way, last = path
    target = document
    for step in way:
        target = target[step]
    target[last] = 1
    assert not Draft202012Validator(schema).is_valid(document)


def test_the_schema_refuses_a_ride_without_service(document, schema):
    document["plan"]["batches"][0]["itineraries"][0]["stages"][5]["serviceId"] = None
    assert not Draft202012Validator(schema).is_valid(document)


def test_stages_show_utc_and_the_clock_of_their_place(document):
    ride = document["plan"]["batches"][0]["itineraries"][0]["stages"][5]
    assert (ride["startUtc"], ride["startLocal"]) == ("2027-03-07T23:00:00Z", "2027-03-08T07:00:00+08:00")
    assert (ride["endUtc"], ride["endLocal"]) == ("2027-03-22T00:00:00Z", "2027-03-22T01:00:00+01:00")
    assert (ride["serviceId"], ride["departureDay"], ride["boardSeq"]) == ("TRAIN", "2027-03-08", 10)


def test_room_is_told_in_whole_units_as_exact_decimals(document):
    ship, train = document["plan"]["departures"]
    assert (ship["capacityUnit"], ship["used"], ship["capacity"]) == ("ceu", "3.63", "1030.5")
    assert (train["capacityUnit"], train["used"], train["capacity"]) == ("feu", "3", "50")
    assert train["indicativeValueOfOneMore"] == 1_234


def test_totals_and_cost_kinds_add_up(document):
    plan = document["plan"]
    assert plan["totals"] == {
        "batches": 2,
        "vehicles": 15,
        "plannedVehicles": 10,
        "onTimeVehicles": 7,
        "lateVehicles": 3,
        "lateVehiclesUnderHighTimes": 3,
        "bookedVehicles": 3,
        "unplannedVehicles": 5,
        "boxes": 3,
    }
    assert sum(plan["centsByKind"].values()) == plan["cents"]
    assert plan["centsByKind"]["freight"] == 3 * 900_001 + 3 * 70_000
    assert (plan["centsByKind"]["departure"], plan["centsByKind"]["module"]) == (100_000, 50_000)
    assert sum(plan["gramsByMode"].values()) == plan["grams"] == plan["batches"][0]["grams"]
    assert plan["gramsByMode"] == {"rail": 270_000, "road": 8_400, "roro": 901_500}


def test_the_gap_is_rounded_up_so_that_it_never_claims_too_much(document):
    plan = document["plan"]
    assert plan["absoluteGap"] == 7_494
    assert Fraction(plan["gap"]) >= Fraction(7_494, plan["ownValue"])
    assert float(plan["gap"]) == pytest.approx(PLAN.gap, abs=1e-8)


def test_the_itinerary_tells_its_days_and_slack(document):
    train, _, ship = document["plan"]["batches"][0]["itineraries"]
    assert train["doorMinutes"] == 25 * 1_440 + 630
    assert train["minutesAgainstBaseline"] == 25 * 1_440 + 630 - 30_000
    assert train["mainRideMinutes"] == 14 * 1_440
    assert train["slackMinutes"] == 13 * 60 + 30
    assert ship["slackMinutes"] == -(6 * 1_440 + 120)


def test_the_itinerary_tells_what_becomes_of_it_if_journeys_are_slow(document):
    """The train has a week to spare on the way, so nothing is later; the ship is late anyway."""
    train, _, ship = document["plan"]["batches"][0]["itineraries"]
    assert (train["lateUnderHighTimes"], train["slackMinutesUnderHighTimes"]) == (
        False,
        train["slackMinutes"],
    )
    assert ship["lateUnderHighTimes"]
    assert ship["slackMinutesUnderHighTimes"] == ship["slackMinutes"] - 3 * 1_440


def test_emissions_bookings_and_what_is_bought_as_a_whole_are_told(document):
    plan = document["plan"]
    train, _, ship = plan["batches"][0]["itineraries"]
    assert (train["booked"], ship["booked"]) == (False, True)
    assert (train["vehicleGrams"], train["boxGrams"]) == (1_200, 90_000)
    assert plan["batches"][0]["boxRuns"][0]["boxGrams"] == 90_000
    assert [share["cents"] for share in plan["batches"][0]["shares"]] == [100_000, 50_000]
    (charter,) = plan["charters"]
    assert (charter["modules"], charter["boarded"], charter["capacityUnit"]) == (1, "3", "feu")
    assert [(day["fromPlace"], day["toPlace"], day["used"]) for day in plan["days"]] == [
        ("CN-PLANT", "CN-RAIL", 4),
        ("DE-RAIL", "DE-RAIL", 3),
    ]


def test_a_network_without_emission_factors_says_nothing_of_grams(schema):
    problem = replace(PROBLEM, network=replace(PROBLEM.network, emission_factors=()))
    document = plan_document(problem, replace(RESULT, plan=replace(PLAN, grams=None)), RECORD)
    Draft202012Validator(schema).validate(document)
    plan = document["plan"]
    assert (plan["grams"], plan["gramsByMode"], plan["batches"][0]["grams"]) == (None, None, None)


@pytest.mark.parametrize(
    ("objective", "unit"),
    [("cost", "cents"), ("time", "vehicle-minutes"), ("co2e", "grams"), ("blend", "cents")],
)
def test_every_objective_names_its_unit(objective, unit, schema):
    document = plan_document(PROBLEM, replace(RESULT, plan=replace(PLAN, objective=objective)), RECORD)
    Draft202012Validator(schema).validate(document)
    assert document["plan"]["objectiveUnit"] == unit


def test_the_run_record_holds_what_is_needed_to_plan_again(document):
    record = document["runRecord"]
    assert record["terms"]["carryingRate"] == "1/3"
    assert record["terms"]["unplannedPriceCents"] == "6172.5"
    assert record["inputs"] == {
        "networkSha256": "a" * 64,
        "batchesSha256": "b" * 64,
        "keptPlanSha256": "c" * 64,
        "ratesDate": "2026-03-01",
        "whatIf": [],
    }
    assert (record["terms"]["times"], record["terms"]["today"]) == ("typical", None)
    assert len(record["terms"]) == len(asdict(Terms()))
    assert record["options"]["maxRounds"] == SolveOptions().max_rounds
    assert (record["status"], record["stoppedBy"]) == ("FEASIBLE", "rounds")
    assert record["planSha256"] == plan_hash(document)


def test_the_plan_holds_no_floats(document):
    def floats(value):
        if isinstance(value, dict):
            return any(floats(child) for child in value.values())
        return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)

    assert not floats(document["plan"])


def test_the_hash_is_that_of_the_canonical_plan_whatever_the_order_of_keys(document):
    canonical = json.dumps(document["plan"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    shuffled = {"plan": dict(reversed(document["plan"].items()))}
    assert plan_hash(shuffled) == plan_hash(document) == hashlib.sha256(canonical.encode()).hexdigest()


def test_the_hash_does_not_know_how_long_the_run_took(document):
    slower = plan_document(PROBLEM, replace(RESULT, seconds={"bound": 99.0}), RunRecord())
    assert plan_hash(slower) == plan_hash(document)


def test_the_hash_sees_a_single_cent(document):
    other = plan_part(PROBLEM, replace(PLAN, cents=PLAN.cents + 1))
    assert plan_hash({"plan": other}) != plan_hash(document)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(3, 8), "0.375"),
        (Fraction(1, 20), "0.05"),
        (Fraction(-21, 2), "-10.5"),
        (Fraction(100), "100"),
        (Fraction(2, 3), "2/3"),
        (Fraction(1, 50_000), "0.00002"),
    ],
)
def test_exact_numbers_are_decimals_where_one_exists(value, text):
    assert exact_text(value) == text
    assert Fraction(text) == value


def rows_of(problem=PROBLEM, plan=PLAN):
    return list(csv.DictReader(io.StringIO(assignments_csv(problem, plan))))


def test_the_table_has_a_line_per_itinerary_and_per_remainder():
    found = [(row["batch_id"], row["part"], row["vehicles"], row["status"]) for row in rows_of()]
    assert found == [
        ("B-1", "1", "4", "planned"),
        ("B-1", "1", "3", "planned"),
        ("B-1", "2", "3", "late"),
        ("B-1", "", "2", "unplanned"),
        ("B-2", "", "3", "unplanned"),
    ]


def test_the_table_adds_up_to_the_plan():
    rows = rows_of()
    assert sum(int(row["cents"] or 0) for row in rows) == PLAN.cents
    assert sum(int(row["boxes"] or 0) for row in rows) == 3
    assert sum(Fraction(row["kg_co2e"] or 0) for row in rows) * 1_000 == PLAN.grams
    assert sum(int(row["vehicles"]) for row in rows) == 15


def test_a_line_of_the_table_reads_like_the_journey():
    train, _, ship, rest, _ = rows_of()
    assert train["route"] == "'=Plant -road-> Dry port -rail-> Ruhr hub -road-> Yard"
    assert (train["services"], train["departure_days"]) == ("TRAIN", "2027-03-08")
    assert train["delivered_local"] == "2027-03-29 12:30"
    assert (train["door_days"], train["slack_days"]) == ("25.44", "0.56")
    assert train["cents_per_vehicle"] == "408215"
    assert ship["slack_days"] == "-6.08"
    assert [row["booked"] for row in rows_of()] == ["no", "no", "yes", "", ""]
    assert (train["late_under_high_times"], ship["late_under_high_times"]) == ("no", "yes")
    assert (rest["reason"], rest["facts"]) == ("no_room", "TRAIN of 8 March is full")


def test_text_that_looks_like_a_formula_gets_an_apostrophe_and_numbers_do_not():
    train, _, ship, _, second = rows_of()
    assert train["reference"] == "'+49 车"
    assert second["facts"] == "'@earliest 29 March"
    assert ship["slack_days"].startswith("-")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\n=1", " =1", '"=1', "＝1", "－1"])
def test_every_way_to_start_a_formula_is_guarded(text):
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "B-1", "1+1", "车", "a=b"])
def test_harmless_text_is_left_alone(text):
    assert guard(text) == text


def test_an_empty_plan_is_a_table_with_only_a_heading():
    plan = replace(PLAN, batches=(BatchPlan(batch_id="B-1"),))
    assert assignments_csv(PROBLEM, plan) == ",".join(COLUMNS) + "\n"
