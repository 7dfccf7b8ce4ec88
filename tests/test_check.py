"""The checker accepts a plan written down by hand and finds every single fault planted in it."""

from __future__ import annotations

import ast
from dataclasses import fields, is_dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

import tests.planted_charter_days
import tests.planted_charter_sums
import tests.planted_charter_wishes
import tests.planted_sums
import tests.planted_ways  # noqa: F401 - all of these register their faults
from planner import check as check_module
from planner.check import RULES, check, find_faults
from planner.checking.departures import Departures, is_dispatched
from planner.checking.rules import Findings
from planner.errors import BrokenPlanError
from planner.model import BoxRun, Calendar
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
from tests.planted_charter import charter_world
from tests.planted_fault import FAULTS
from tests.planted_world import at, planted_problem

BY_ROAD = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-01 22:00
road MARKET                   | 03-15 06:00
handling delivery loose       | 03-15 06:30
"""
PLANNER = Path(check_module.__file__).parent
INFORMATIVE = {"label", "facts", "baseline", "unit_value_cents", "lp_bound", "bound"}
"""Fields of a plan that say nothing a rule is about."""


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


# --- any plan at all -----------------------------------------------------------------------------------


def list_fields(value, path=()):
    """Path and content of every plain field of a plan."""
    for field in fields(value):
        content = getattr(value, field.name)
        for number, item in enumerate(content) if isinstance(content, tuple) else [(None, content)]:
            here = (*path, (field.name, number))
            if is_dataclass(item):
                yield from list_fields(item, here)
            else:
                yield here, item


def is_line_of_second(path):
    """Whether a path leads to a cost line of the second itinerary of a batch."""
    return ("itineraries", 1) in path and any(name == "lines" for name, _ in path)


def with_field(value, path, content):
    """The plan with the field at a path replaced."""
    (name, number), *rest = path
    inner = getattr(value, name) if number is None else getattr(value, name)[number]
    changed = with_field(inner, rest, content) if rest else content
    if number is not None:
        items = list(getattr(value, name))
        items[number] = changed
        changed = tuple(items)
    return replace(value, **{name: changed})


def next_to(content):
    """The smallest changes of a value."""
    match content:
        case int():
            return [content - 1, content + 1]
        case str():
            return [content + "X", ""]
        case date():
            return [content - timedelta(days=1), content + timedelta(days=1)]
    return []


def test_no_field_of_a_plan_can_be_changed_by_one_unnoticed(world):
    problem, plan = world
    unnoticed = [
        (path, near)
        for path, content in list_fields(plan)
        # The lines of the second itinerary of a batch are made like those of the first.
        if path[-1][0] not in INFORMATIVE and not is_line_of_second(path)
        for near in next_to(content)
        if not find_faults(problem, with_field(plan, path, near))
    ]
    assert unnoticed == []


@pytest.mark.parametrize("nonsense", [None, "", "nowhere", -1, 0, 10**30, 0.5, date.max, date.min, (), True])
def test_nonsense_in_any_field_is_found_and_never_raises(world, nonsense):
    problem, plan = world
    paths = {}
    for path, content in list_fields(plan):
        # One field of each name and stage is enough.
        names = tuple(name for name, _ in path)
        stage = [number for name, number in path if name == "stages"]
        paths.setdefault((names, *stage), (path, content))
    for path, content in paths.values():
        if content != nonsense and path[-1][0] not in INFORMATIVE:
            assert find_faults(problem, with_field(plan, path, nonsense)), (path, nonsense)


# --- calendars and grids -------------------------------------------------------------------------------


def departure(problem, *calendars, day, **service_fields):
    problem = with_service(problem, "SHIP", calendars=calendars, **service_fields)
    found = Departures(problem.network).find("SHIP", day)
    return None if found is None else found.start_min


def test_departure_leaves_on_the_clock_of_the_first_call(world):
    daily = Calendar(weekdays=(1, 2, 3, 4, 5, 6, 7), local_time=time(6, 30))
    assert departure(world[0], daily, day=date(2026, 3, 2)) == at("03-01 22:30")


@pytest.mark.parametrize(
    ("day", "sails"),
    [
        (date(2026, 12, 14), True),  # two weeks before the anchor
        (date(2026, 12, 21), False),
        (date(2026, 12, 31), False),  # right week, but a Thursday
        (date(2027, 1, 3), True),  # Sunday of the anchor's week, 53 of 2026
        (date(2027, 1, 4), False),  # week 1 follows week 53
        (date(2027, 1, 11), True),
    ],
)
def test_every_other_week_is_counted_from_the_monday_of_the_anchor(world, day, sails):
    calendar = Calendar(weekdays=(1, 7), every_weeks=2, anchor_date=date(2026, 12, 30), local_time=time(12))
    assert (departure(world[0], calendar, day=day) is not None) == sails


def test_every_third_week_is_counted_across_the_anchor(world):
    calendar = Calendar(weekdays=(3,), every_weeks=3, anchor_date=date(2026, 3, 4), local_time=time(12))
    wednesdays = [date(2026, 2, 4) + timedelta(weeks=week) for week in range(9)]
    sailing = [day for day in wednesdays if departure(world[0], calendar, day=day) is not None]
    assert sailing == [date(2026, 2, 11), date(2026, 3, 4), date(2026, 3, 25)]


def test_first_and_last_dates_of_service_and_calendar_are_included(world):
    days = [date(2026, 3, day) for day in range(1, 8)]
    daily = Calendar(
        weekdays=(1, 2, 3, 4, 5, 6, 7),
        local_time=time(12),
        first_date=date(2026, 3, 2),
        last_date=date(2026, 3, 5),
    )
    limits = {"first_date": date(2026, 3, 3), "last_date": date(2026, 3, 6)}
    sailing = [day.day for day in days if departure(world[0], daily, day=day, **limits) is not None]
    assert sailing == [3, 4, 5]
    limits = {"first_date": date(2026, 3, 1), "last_date": date(2026, 3, 4)}
    sailing = [day.day for day in days if departure(world[0], daily, day=day, **limits) is not None]
    assert sailing == [2, 3, 4]


def test_two_calendars_with_one_time_are_one_departure(world):
    daily = Calendar(weekdays=(1, 2, 3, 4, 5, 6, 7), local_time=time(12))
    day = date(2026, 3, 3)
    assert departure(world[0], daily, replace(daily, weekdays=(2,)), day=day) == at("03-03 04:00")
    assert departure(world[0], daily, replace(daily, local_time=time(13)), day=day) is None


def dispatches(problem, start, end, **road_fields):
    """Dispatch minutes of a road within a span, as text."""
    road = replace(problem.network.roads[5], **road_fields)
    found = [minute for minute in range(at(start), at(end)) if is_dispatched(road, minute, "Europe/Berlin")]
    return [minute - at(start) for minute in found]


def test_dispatch_grid_starts_anew_with_the_first_dispatch_of_each_local_day(world):
    # From 08:00 every 7 h: 08:00, 15:00, 22:00, 05:00, and anew at 08:00 (Berlin = UTC + 1 in winter).
    found = dispatches(world[0], "03-02 00:00", "03-03 08:00", departs_every_min=420)
    assert found == [hour * 60 for hour in (4 + 0, 7, 14, 21, 28, 31)]


def test_dispatch_grid_follows_the_clocks_when_they_change(world):
    # 28 March 08:00 CET = 07:00Z; 29 March 08:00 CEST = 06:00Z, so 23 hours later.
    assert dispatches(world[0], "03-28 00:00", "03-29 12:00", departs_every_min=1_440) == [420, 420 + 23 * 60]
    # Every 23 h the next dispatch would fall on the next day's first: it is that one, and only once.
    assert dispatches(world[0], "03-28 00:00", "03-29 12:00", departs_every_min=1_380) == [360, 420, 1_800]


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
