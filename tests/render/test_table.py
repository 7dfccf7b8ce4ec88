"""The screen of a plan, from a plan written by hand: two batches by rail and sea, one left out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from rich.console import Console

from planner.model import (
    Baseline,
    Batch,
    BatchPlan,
    BoxRun,
    Call,
    CostLine,
    Itinerary,
    LegUse,
    Network,
    Place,
    Plan,
    Problem,
    Result,
    Service,
    Stage,
    Unplanned,
    VehicleType,
)
from planner.model.problem import TIME
from planner.model.results import FEASIBLE, OPTIMAL
from planner.render.summary import list_parts, summarise
from planner.render.table import WIDTH, decimal_days, percent, plan_view, units

DAY = 1_440
HASH = "0123456789abcdef" * 4


def place(place_id: str, kind: str, country: str) -> Place:
    zone = "Asia/Shanghai" if country == "CN" else "Europe/Berlin"
    return Place(id=place_id, name=place_id, kind=kind, country=country, lat=0.0, lon=0.0, time_zone=zone)


def service(service_id: str, mode: str, unit: str, places: tuple[str, str], days: int) -> Service:
    ends = (
        Call(seq=1, place=places[0], arrive_min=0, depart_min=0, load=True, unload=False, cutoff_min=DAY),
        Call(seq=2, place=places[1], arrive_min=days * DAY, depart_min=days * DAY, load=False, unload=True),
    )
    return Service(
        id=service_id,
        name=service_id,
        mode=mode,
        form="boxed" if unit == "feu" else "loose",
        capacity=100,
        capacity_unit=unit,
        calls=ends,
        calendars=(),
    )


def ride(of: Service, gate_min: int) -> Stage:
    first, last = of.calls
    return Stage(
        kind="ride",
        start_min=gate_min,
        end_min=gate_min + first.cutoff_min + last.arrive_min,
        from_place=first.place,
        to_place=last.place,
        mode=of.mode,
        from_form=of.form,
        to_form=of.form,
        service_id=of.id,
        departure_day=date(2026, 3, 2),
        board_seq=1,
        alight_seq=2,
    )


PLACES = [
    place("PLANT", "plant", "CN"),
    place("RIVER", "river_port", "CN"),
    place("SEA", "sea_port", "CN"),
    place("EU", "compound", "DE"),
]
TRAIN = service("TRAIN", "rail", "feu", ("PLANT", "EU"), 19)
BARGE = service("BARGE", "barge", "vehicle", ("PLANT", "SEA"), 4)
SHIP = service("SHIP", "roro", "ceu", ("SEA", "EU"), 40)
SUV = VehicleType(
    id="suv",
    name="SUV",
    length_mm=1,
    width_mm=1,
    height_mm=1,
    mass_kg=1,
    cbm100=100,
    ceu100=100,
    vehicles_per_feu=3,
)


def batch(batch_id: str, vehicles: int) -> Batch:
    return Batch(
        id=batch_id,
        origin="PLANT",
        destination="EU",
        vehicle_type="suv",
        vehicles=vehicles,
        ready_min=0,
        due_min=45 * DAY,
    )


def line(kind: str, per: str, cents: int) -> CostLine:
    return CostLine(kind=kind, stage=0, label=kind, per=per, unit_cents=cents)


PROBLEM = Problem(
    network=Network(
        places={p.id: p for p in PLACES},
        services={s.id: s for s in (TRAIN, BARGE, SHIP)},
        tariffs=(),
        handling=(),
        vehicle_types={"suv": SUV},
    ),
    batches=(batch("B-1", 10), batch("B-2", 5), batch("B-3", 7)),
)
BY_RAIL = Itinerary(
    part=1,
    vehicles=10,
    stages=(ride(TRAIN, 0),),
    lines=(line("freight", "box", 900_000), line("carrying", "vehicle", 5_000)),
    box_run=0,
)
BY_SEA = Itinerary(
    part=1,
    vehicles=5,
    stages=(ride(BARGE, 0), ride(SHIP, 5 * DAY)),
    lines=(line("freight", "vehicle", 120_000), line("carrying", "vehicle", 12_345)),
)
PLAN = Plan(
    objective="cost",
    currency="USD",
    batches=(
        BatchPlan(
            batch_id="B-1",
            itineraries=(BY_RAIL,),
            box_runs=(BoxRun(vehicles=10, boxes=4, box_cents=900_000),),
            baseline=Baseline(rail_min=15 * DAY, door_min=18 * DAY, cents=400_000),
        ),
        BatchPlan(batch_id="B-2", itineraries=(BY_SEA,), baseline=Baseline(reason="outside Europe")),
        BatchPlan(
            batch_id="B-3",
            unplanned=Unplanned(
                vehicles=7, reason="no_room", facts="TRAIN of 2 March is full: 100 of 100 boxes"
            ),
        ),
    ),
    departures=(
        LegUse(
            service_id="SHIP",
            departure_day=date(2026, 3, 2),
            leg=0,
            from_place="SEA",
            to_place="EU",
            depart_min=0,
            used=500,
            capacity=1_000,
            unit_value_cents=0,
        ),
        LegUse(
            service_id="TRAIN",
            departure_day=date(2026, 3, 2),
            leg=0,
            from_place="PLANT",
            to_place="EU",
            depart_min=0,
            used=4,
            capacity=4,
            unit_value_cents=123_450,
        ),
    ),
    cents=4_311_725,
    vehicle_min=10 * 20 * DAY + 5 * 46 * DAY,
    penalty=14_000_000,
    value=18_311_725,
    lp_bound=18_200_000,
    bound=18_300_000,
)
RESULT = Result(plan=PLAN, status=FEASIBLE)


def shown(result: Result = RESULT, problem: Problem = PROBLEM, width: int = WIDTH) -> str:
    console = Console(width=width, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(plan_view(problem, result, HASH))
    return "\n".join(row.rstrip() for row in capture.get().splitlines())


def test_the_screen_of_a_plan_reads_as_intended(root):
    expected = root / "tests" / "render" / "plan_view.txt"
    assert shown() == expected.read_text(encoding="utf-8").rstrip("\n")


def test_everything_fits_the_width_it_is_given():
    for width in (100, 80, 60):
        text = shown(width=width)
        assert max(len(row) for row in text.splitlines()) <= width
        assert "\u2026" not in text, "something was cut off"


def test_the_main_mode_is_that_of_the_longest_ride_and_rivers_are_told_apart():
    rail, sea = list_parts(PROBLEM, PLAN)
    assert (rail.mode, rail.by_river, rail.boxed) == ("rail", False, 10)
    assert (sea.mode, sea.by_river, sea.boxed) == ("roro", True, 0)


def test_days_on_the_train_run_from_departure_to_arrival_without_cut_off():
    rail, sea = list_parts(PROBLEM, PLAN)
    assert rail.rail_min == 19 * DAY
    assert sea.rail_min is None


def test_shares_add_up_to_the_plan():
    summary = summarise(PROBLEM, PLAN)
    assert sum(share.vehicles for share in summary.shares) == summary.planned == 15
    assert sum(share.cents for share in summary.shares) == PLAN.cents


def test_vehicles_without_a_baseline_are_counted_with_the_reason():
    against = summarise(PROBLEM, PLAN).baseline
    assert against.vehicles == 10
    assert against.without == (("outside Europe", 5),)
    assert (against.as_fast, against.as_cheap, against.rail_within) == (0, 10, 0)


def test_the_departure_worth_most_comes_first():
    assert [use.first.service_id for use in summarise(PROBLEM, PLAN).departures] == ["TRAIN", "SHIP"]


def test_a_departure_is_worth_the_sum_of_its_legs_and_shows_its_fullest():
    first = PLAN.departures[1]
    onward = replace(
        first, leg=1, from_place="EU", to_place="RIVER", used=5, capacity=10, unit_value_cents=50
    )
    (use,) = summarise(PROBLEM, replace(PLAN, departures=(first, onward))).departures
    assert (use.first, use.last, use.fullest) == (first, onward, first)
    assert use.unit_value == 123_500


def test_an_optimal_plan_says_that_none_is_better():
    assert "OPTIMAL: no plan is better" in shown(Result(plan=replace(PLAN, bound=PLAN.value), status=OPTIMAL))


def test_a_missing_bound_is_said_and_not_shown_as_zero():
    text = shown(
        Result(plan=replace(PLAN, bound=None, lp_bound=None), status=FEASIBLE, stopped_by="cancelled")
    )
    assert "FEASIBLE: no bound was computed; stopped by: cancelled" in text
    assert "LP bound" not in text


def test_under_time_values_are_vehicle_days_and_money_stays_money():
    plan = replace(PLAN, objective=TIME, value=430 * DAY, penalty=0, bound=420 * DAY, lp_bound=None)
    text = shown(Result(plan=plan, status=FEASIBLE))
    assert "at most 10.0 vehicle-days (2.33 %) above the best possible" in text
    assert re.search(r"Cost\s+43,117 USD", text)


def test_a_plan_without_any_vehicle_still_has_a_screen():
    left_out = tuple(
        BatchPlan(
            batch_id=b.id, unplanned=Unplanned(vehicles=b.vehicles, reason="no_route", facts="no service")
        )
        for b in PROBLEM.batches
    )
    plan = replace(
        PLAN, batches=left_out, departures=(), cents=0, vehicle_min=0, value=PLAN.penalty, bound=None
    )
    text = shown(Result(plan=plan, status=OPTIMAL))
    assert "0 vehicles (0.0 %); 22 left out in 3 batches" in text
    assert "Paid for" not in text


def test_many_batches_left_out_are_cut_with_word_where_the_rest_is():
    batches = tuple(batch(f"B-{number}", 2) for number in range(9))
    left_out = tuple(
        BatchPlan(batch_id=b.id, unplanned=Unplanned(vehicles=2, reason="too_late", facts=""))
        for b in batches
    )
    problem = replace(PROBLEM, batches=batches)
    text = shown(Result(plan=replace(PLAN, batches=left_out, departures=()), status=FEASIBLE), problem)
    assert "and 4 more batches (8 vehicles): all of them in plan.json (--out DIR, or --json)" in text


@pytest.mark.parametrize(
    ("part", "total", "text"),
    [(0, 5, "0.0 %"), (5, 5, "100.0 %"), (1, 100_000, "<0.1 %"), (99_999, 100_000, ">99.9 %"), (1, 0, "-")],
)
def test_a_share_is_never_rounded_to_none_or_all(part, total, text):
    assert percent(part, total) == text


def test_days_are_rounded_half_up_and_hundredths_are_shown_as_units():
    assert decimal_days(Fraction(DAY * 5, 100)) == "0.1"
    assert units(4_130, "ceu") == "41.3 CEU"
    assert units(4_130, "feu") == "4,130 FEU"
