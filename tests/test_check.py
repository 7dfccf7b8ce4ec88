"""The checker accepts a plan written down by hand and finds every single fault planted in it."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

import planner
import tests.planted_charter_days
import tests.planted_charter_sums
import tests.planted_charter_wishes
import tests.planted_sums
import tests.planted_ways  # noqa: F401 - all of these register their faults
from planner.check import RULES, check, find_faults
from planner.checking.rules import Findings
from planner.checking.wishes import check_wishes
from planner.errors import BrokenPlanError
from planner.model import Allotment, BoxRun, Unplanned
from tests.planted import (
    ALWAYS_BOXED_LATER_TRUCK,
    KIT,
    SUV,
    VAN,
    itinerary,
    planted_plan,
    priced,
    stages_of,
    totalled,
    with_batch,
    with_entry,
    with_itinerary,
    with_leg_use,
    with_row,
    with_service,
    with_stages,
    with_tables,
)
from tests.planted_charter import PACK, WHOLE, charter_world
from tests.planted_fault import FAULTS
from tests.planted_world import at, planted_problem

BY_ROAD = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-01 22:00
road MARKET                   | 03-15 06:00
handling delivery loose       | 03-15 06:30
"""
PLANNER = Path(planner.__file__).parent


def rules_of(findings):
    return {finding.rule for finding in findings}


@pytest.fixture(scope="module")
def worlds():
    problem = planted_problem()
    return {"first": (problem, planted_plan(problem)), "charter": charter_world()}


@pytest.fixture(scope="module")
def world(worlds):
    return worlds["first"]


@pytest.mark.parametrize("name", ["first", "charter"])
def test_plan_written_down_by_hand_holds(worlds, name):
    assert find_faults(*worlds[name]) == []
    check(*worlds[name])


@pytest.mark.parametrize("name", FAULTS)
def test_planted_fault_is_found_under_its_name_and_no_other(worlds, name):
    world, plant, rules = FAULTS[name]
    assert rules_of(find_faults(*plant(*worlds[world]))) == rules


def test_every_rule_has_a_planted_fault():
    assert set.union(*(rules for _, _, rules in FAULTS.values())) == set(RULES)


def test_a_finding_under_a_name_that_is_no_rule_is_our_own_fault():
    with pytest.raises(KeyError):
        Findings().add("vehicel_count", "batch suv", "20 is not 21")


def test_refused_plan_carries_every_finding(world):
    problem, plan = world
    plan = replace(with_itinerary(plan, SUV, 0, part=2), currency="EUR")
    with pytest.raises(BrokenPlanError) as refused:
        check(problem, plan)
    assert rules_of(refused.value.findings) == {"part_numbers", "objective"}
    assert "batch suv itinerary 1: part is 2, not 1" in str(refused.value)


@pytest.mark.parametrize(
    ("objective", "own", "penalty"),
    [
        ("cost", lambda plan: plan.cents, 250_000),
        ("time", lambda plan: plan.vehicle_min, 1_440_000),  # 1,000 days
        ("co2e", lambda plan: plan.grams, 100_000_000),  # 100 tonnes
        ("blend", lambda plan: plan.cents + plan.blend_cents, 250_000),
    ],
)
def test_value_is_what_the_objective_counts(worlds, objective, own, penalty):
    problem, plan = worlds["charter"]
    problem = replace(problem, terms=replace(problem.terms, objective=objective))
    plan = totalled(problem, replace(plan, objective=objective))
    assert plan.value == own(plan) + penalty
    assert (plan.blend_cents > 0) == (objective == "blend")
    assert find_faults(problem, plan) == []
    dearer = replace(plan, value=plan.value + 1)
    assert rules_of(find_faults(problem, dearer)) == {"total_value"}


def test_days_and_grams_of_the_blend_are_those_of_paper(worlds):
    # Days at 3.00, rounded a vehicle; grams at 0.008 cents, rounded a line.
    #   6 kits 16 d 19:00: 5,038 (5,037.5) + 94; 3 boxes 3,560 + 720.
    #   4 cars 16 d 19:30: 5,044 (5,043.75) + 94 + 94; 2 boxes 3,560.
    #   3 cars 36 d 19:30: 11,044 (11,043.75) + 94 + 7,296 + 94; 5 vans 11,044 + 94 + 7,857 + 94.
    #   A van 34 d 19:30: 10,444 + 94 + 7,857 + 94; a van 38 d 19:30: 11,644 + 94 + 7,857 + 94.
    kits, cars = 6 * 5_132 + 3 * 4_280, 4 * 5_232 + 2 * 3_560 + 3 * 18_528
    assert worlds["charter"][1].blend_cents == kits + cars + 5 * 19_089 + 18_489 + 19_689


def test_grams_of_the_plan_are_those_of_paper(worlds):
    # Roads 11,780 a vehicle, 90,000 a box; train 445,000 a box; ship 911,990 a car, 982,143 a van.
    grams = 6 * 11_780 + 3 * 535_000
    grams += 4 * 23_560 + 2 * 445_000 + 3 * (23_560 + 911_990)
    grams += 7 * (23_560 + 982_143)
    assert worlds["charter"][1].grams == grams


def test_kept_vehicles_do_not_count_as_left_out_of_a_batch_that_is_not_split(worlds):
    """Two of five vans are booked; the other three stay."""
    problem, plan = worlds["charter"]
    booked = replace(plan.batches[WHOLE].itineraries[0], vehicles=2, booked=True)
    problem = replace(problem, kept={**problem.kept, "whole": (booked,)})
    left_out = Unplanned(vehicles=3, reason="no_room", facts="")
    plan = with_entry(plan, WHOLE, itineraries=(booked,), unplanned=left_out)
    plan = with_leg_use(with_leg_use(plan, 6, used=5), 7, used=5)
    days = list(plan.days)
    days[4] = replace(days[4], used=10)
    plan = totalled(problem, replace(plan, days=tuple(days)))
    assert find_faults(problem, plan) == []


def test_roads_ruled_out_leave_rides_alone(worlds):
    problem, plan = worlds["charter"]
    batch = replace(problem.batches[WHOLE], not_modes=("road",))
    by_ride_alone = plan.batches[WHOLE].itineraries[0].stages[3:7]
    for stages, rules in ((by_ride_alone, set()), (plan.batches[WHOLE].itineraries[0].stages, {"not_modes"})):
        findings = Findings()
        check_wishes(problem.network, batch, stages, "vans", findings)
        assert rules_of(findings.list) == rules


def test_least_load_is_not_asked_of_a_departure_that_is_kept(worlds):
    problem, plan = worlds["charter"]
    kits = replace(plan.batches[PACK].itineraries[0], booked=True)
    plan = with_entry(plan, PACK, itineraries=(kits,))
    problem = with_service(problem, "BLOCK", min_load=6)
    assert "min_load" in rules_of(find_faults(problem, plan))
    problem = replace(problem, kept={**problem.kept, "pack": (kits,)})
    assert find_faults(problem, plan) == []


def test_kept_itinerary_may_have_other_numbers_and_prices_than_before(worlds):
    problem, plan = worlds["charter"]
    before = replace(problem.kept["early"][0], part=7, lines=())
    assert find_faults(replace(problem, kept={"early": (before,)}), plan) == []


def test_shippers_that_may_not_use_the_same_space_share_what_is_left_of_it(worlds):
    """Each alone would fit: 3 beside 4 + 2 of 12, and 5 beside 2 and 5; both together not beside 5."""
    problem, plan = worlds["charter"]
    spaces = ("rival", 4), ("partner", 2), ("guest", 3)
    rows = tuple(Allotment(service_id="FERRY", shipper=shipper, units=units) for shipper, units in spaces)
    problem = with_row(problem, "exceptions", 1, capacity=10)
    uses = tuple(
        replace(use, capacity=10) if use.departure_day == date(2026, 3, 4) else use for use in plan.departures
    )
    plan = replace(plan, departures=uses)
    assert rules_of(find_faults(with_tables(problem, allotments=rows), plan)) == {"allotments"}
    assert find_faults(with_tables(problem, allotments=rows[:2]), plan) == []


def test_plan_by_hand_holds_under_the_objective_time(world):
    problem, plan = world
    problem = replace(problem, terms=replace(problem.terms, objective="time"))
    plan = totalled(problem, replace(plan, objective="time"))
    # The van left out counts 1,000 days; all others their own minutes.
    assert plan.value == plan.vehicle_min + 1_440_000
    assert find_faults(problem, plan) == []


def test_delivery_in_the_last_minute_allowed_holds(world):
    problem, plan = world
    problem = with_batch(problem, SUV, due_min=at("04-07 11:30"))
    late = at("04-21 11:30") - at("04-05 22:00")
    problem = replace(problem, terms=replace(problem.terms, max_late_min=late))
    plan = totalled(problem, priced(problem, plan))
    assert find_faults(problem, plan) == []


def test_handling_done_in_the_minute_the_gate_closes_holds(world):
    problem, plan = world
    gate = at("03-03 06:00")
    problem = with_row(problem, "handling", 5, handling_min=gate - at("03-02 01:00"))
    plan = with_stages(plan, KIT, 0, {3: {"end_min": gate}, 4: {"start_min": gate}})
    assert find_faults(problem, plan) == []


def test_bounds_at_the_value_hold_and_so_do_bounds_not_computed(world):
    problem, plan = world
    assert plan.lp_bound == plan.bound == plan.value
    assert find_faults(problem, replace(plan, lp_bound=None, bound=None)) == []


def test_way_by_road_alone_is_a_part_without_main_rides(world):
    problem, plan = world
    all_the_way = replace(problem.network.roads[2], to_place="MARKET", travel_min=19_200)
    problem = with_tables(problem, roads=(*problem.network.roads, all_the_way))
    plan = with_itinerary(plan, VAN, 1, stages=stages_of(BY_ROAD))
    plan = replace(plan, departures=(*plan.departures[:2], *plan.departures[4:]))
    assert find_faults(problem, totalled(problem, priced(problem, plan))) == []


def test_ride_from_a_later_call_uses_only_the_legs_it_rides(world):
    """The train now comes from the depot, six hours before the railhead, with the same times from there."""
    problem, plan = world
    train = problem.network.services["TRAIN"]
    first = replace(train.calls[0], seq=5, place="DEPOT", cutoff_min=0)
    later = [
        replace(call, arrive_min=call.arrive_min + 360, depart_min=call.depart_min + 360)
        for call in train.calls
    ]
    calendars = tuple(replace(calendar, local_time=time(14)) for calendar in train.calendars)
    problem = with_service(problem, "TRAIN", calls=(first, *later), calendars=calendars)
    assert "leg_use_figures" in rules_of(find_faults(problem, plan))
    for number in (4, 5):
        plan = with_leg_use(plan, number, leg=plan.departures[number].leg + 1)
    assert find_faults(problem, plan) == []


def test_boxes_on_two_trucks_are_two_runs(world):
    problem, plan = world
    first = replace(plan.batches[KIT].itineraries[0], vehicles=1)
    second = itinerary(1, 1, ALWAYS_BOXED_LATER_TRUCK, 1)
    runs = (BoxRun(vehicles=1, boxes=1, box_cents=0),) * 2
    plan = with_entry(plan, KIT, itineraries=(first, second), box_runs=runs)
    assert find_faults(problem, totalled(problem, priced(problem, plan))) == []


def test_unlimited_service_is_not_listed_and_holds(world):
    problem, plan = world
    problem = with_service(problem, "SHIP", capacity=None)
    assert find_faults(problem, replace(plan, departures=plan.departures[4:])) == []


@pytest.mark.parametrize(
    ("unit", "used"), [("vehicle", (30, 1)), ("cbm", (42_000, 1_400)), ("ceu", (4_000, 140))]
)
def test_loose_cargo_is_counted_in_the_unit_of_the_service(world, unit, used):
    problem, plan = world
    problem = with_service(problem, "SHIP", capacity_unit=unit, capacity=used[0])
    uses = tuple(
        replace(use, used=used[number // 2], capacity=used[0]) if number < 4 else use
        for number, use in enumerate(plan.departures)
    )
    assert find_faults(problem, replace(plan, departures=uses)) == []
    problem = with_service(problem, "SHIP", capacity_unit=unit, capacity=used[0] - 1)
    uses = tuple(replace(use, capacity=used[0] - 1) if number < 4 else use for number, use in enumerate(uses))
    assert rules_of(find_faults(problem, replace(plan, departures=uses))) == {"capacity"}


# --- independence --------------------------------------------------------------------------------------


def list_imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_checker_and_costing_import_nothing_that_makes_plans():
    own = [PLANNER / "check.py", PLANNER / "costing.py", PLANNER / "emissions.py"]
    own += [PLANNER / "pricebook.py", PLANNER / "sums.py"]
    own += sorted((PLANNER / "checking").glob("*.py"))
    allowed = (
        "planner.model.",
        "planner.units.",
        "planner.clock.",
        "planner.errors.",
        "planner.costing.",
        "planner.emissions.",
        "planner.sums.",
        "planner.pricebook.",
        "planner.checking.",
    )
    standard = {
        "__future__",
        "collections",
        "dataclasses",
        "datetime",
        "fractions",
        "itertools",
        "math",
        "types",
        "typing",
    }
    strange = [
        f"{path.name} imports {name}"
        for path in own
        for name in list_imports(path)
        if not name.startswith(allowed) and name.split(".")[0] not in standard
    ]
    assert len(own) >= 8
    assert strange == []
