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
    Charter,
    CostLine,
    DayUse,
    DepartureShare,
    Duty,
    EmissionLine,
    Itinerary,
    LegUse,
    Network,
    Place,
    Plan,
    Problem,
    Result,
    Service,
    Stage,
    Tariff,
    Terms,
    Unplanned,
    VehicleType,
)
from planner.model.problem import CO2E, TIME
from planner.model.results import FEASIBLE, OPTIMAL
from planner.model.sources import Source
from planner.render.summary import list_parts, summarise
from planner.render.table import plan_view
from planner.render.words import WIDTH, count, decimal_days, mass, percent, units

DAY = 1_440
DAY_2 = date(2026, 3, 2)
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
        departure_day=DAY_2,
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
    hs_code="870380",
    typical_value_cents=Fraction(2_000_000),
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


def freight(of: Service, per: str, cents: int, source: str) -> Tariff:
    first, last = of.calls
    return Tariff(
        service_id=of.id,
        from_place=first.place,
        to_place=last.place,
        charge="freight",
        per=per,
        price=Fraction(cents),
        source=source,
    )


def line(kind: str, per: str, cents: int) -> CostLine:
    return CostLine(kind=kind, stage=0, label=kind, per=per, unit_cents=cents)


PROBLEM = Problem(
    network=Network(
        places={p.id: p for p in PLACES},
        services={s.id: s for s in (TRAIN, BARGE, SHIP)},
        tariffs=(
            freight(TRAIN, "feu", 900_000, "S1"),
            freight(BARGE, "vehicle", 20_000, "S1;estimate: mean"),
            freight(SHIP, "vehicle", 100_000, "S1"),
        ),
        handling=(),
        vehicle_types={"suv": SUV},
        duties=(Duty(name="customs", countries=("DE",), hs_code="8703", rate=Fraction(1, 10)),),
        sources={"S1": Source(id="S1", title="A tariff", grade="B")},
    ),
    batches=(batch("B-1", 10), batch("B-2", 5), batch("B-3", 7)),
)
BY_RAIL = Itinerary(
    part=1,
    vehicles=10,
    stages=(ride(TRAIN, 0),),
    lines=(line("freight", "box", 900_000), line("carrying", "vehicle", 5_000)),
    emissions=(EmissionLine(stage=0, per="box", unit_grams=6_000_000),),
    box_run=0,
)
BY_SEA = Itinerary(
    part=1,
    vehicles=5,
    stages=(ride(BARGE, 0), ride(SHIP, 5 * DAY)),
    lines=(line("freight", "vehicle", 120_000), line("carrying", "vehicle", 12_345)),
    emissions=(EmissionLine(stage=1, per="vehicle", unit_grams=1_500_400),),
    booked=True,
)
PLAN = Plan(
    objective="cost",
    currency="USD",
    batches=(
        BatchPlan(
            batch_id="B-1",
            itineraries=(BY_RAIL,),
            box_runs=(BoxRun(vehicles=10, boxes=4, box_cents=900_000, box_grams=6_000_000),),
            shares=(DepartureShare(service_id="TRAIN", departure_day=DAY_2, kind="module", cents=50_000),),
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
            departure_day=DAY_2,
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
            departure_day=DAY_2,
            leg=0,
            from_place="PLANT",
            to_place="EU",
            depart_min=0,
            used=4,
            capacity=4,
            unit_value_cents=123_450,
        ),
    ),
    days=(
        DayUse(
            from_place="EU",
            to_place="EU",
            form="boxed",
            day=DAY_2,
            used=4,
            capacity=8,
            unit_value_cents=0,
        ),
        DayUse(
            from_place="PLANT",
            to_place="RIVER",
            form="loose",
            day=DAY_2,
            used=5,
            capacity=5,
            unit_value_cents=2_000,
        ),
    ),
    charters=(
        Charter(
            service_id="TRAIN",
            departure_day=DAY_2,
            modules=2,
            boarded=4,
            departure_cents=0,
            module_cents=50_000,
        ),
    ),
    cents=4_361_725,
    vehicle_min=10 * 20 * DAY + 5 * 46 * DAY,
    grams=31_502_000,
    penalty=14_000_000,
    value=18_361_725,
    lp_bound=18_250_000,
    bound=18_350_000,
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
    assert sum(share.grams for share in summary.shares) == PLAN.grams


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
    assert re.search(r"Cost\s+43,617 USD", text)


def test_under_co2e_values_are_masses():
    plan = replace(PLAN, objective=CO2E, value=31_502_000, penalty=0, bound=31_000_000, lp_bound=30_000_000)
    text = shown(
        Result(plan=plan, status=FEASIBLE),
        replace(PROBLEM, terms=Terms(objective=CO2E, today=date(2026, 3, 1))),
    )
    assert "at the least CO2e, today 2026-03-01" in " ".join(text.split())
    assert "at most 502 kg CO2e (1.59 %) above the best possible" in text
    assert "value 31.5 t CO2e" in text


def test_a_blend_says_its_prices_and_what_they_count():
    plan = replace(PLAN, objective="blend", blend_cents=1_000_000, value=PLAN.value + 1_000_000)
    terms = Terms(objective="blend", day_value=Fraction(2_500), carbon_price=Fraction(9_000), times="high")
    text = shown(Result(plan=plan, status=FEASIBLE), replace(PROBLEM, terms=terms))
    assert "at the lowest cost with 25 USD a vehicle-day and 90 USD a tonne of CO2e, high times" in " ".join(
        text.split()
    )
    assert "value 193,617 USD, 10,000 USD of it for days and CO2e, 140,000 USD of it for vehicles" in text
    assert "if every journey is a slow one" not in text, "that is what the plan was made with"


def test_without_emission_factors_nothing_is_said_of_co2e():
    assert "CO2e" not in shown(replace(RESULT, plan=replace(PLAN, grams=None)))


def test_many_charters_are_cut_with_what_the_rest_costs():
    charters = tuple(replace(PLAN.charters[0], module_cents=100 * number) for number in range(1, 6))
    text = shown(replace(RESULT, plan=replace(PLAN, charters=charters)))
    assert "and 2 more for 3 USD" in text


def test_days_with_much_room_left_are_not_tight():
    boxed, road = PLAN.days
    roomy = replace(boxed, capacity=9)
    assert summarise(PROBLEM, replace(PLAN, days=(roomy, road))).days == (road,)
    worth = replace(roomy, unit_value_cents=2_001)
    assert summarise(PROBLEM, replace(PLAN, days=(worth, road))).days == (worth, road)


def test_full_departures_and_days_that_are_not_shown_are_counted():
    departures = tuple(replace(PLAN.departures[1], departure_day=date(2026, 4, day)) for day in range(1, 10))
    days = tuple(replace(PLAN.days[1], day=date(2026, 4, day)) for day in range(1, 6))
    text = shown(replace(RESULT, plan=replace(PLAN, departures=departures, days=days)))
    assert "and 3 more full departures and 2 more full days; worth of one more unit: indicative" in text


def test_a_plan_of_days_without_departures_has_them_as_its_heading():
    text = shown(replace(RESULT, plan=replace(PLAN, departures=())))
    assert "Tightest days" in text
    assert "Tightest departures" not in text


def test_a_plan_without_any_vehicle_still_has_a_screen():
    left_out = tuple(
        BatchPlan(
            batch_id=b.id, unplanned=Unplanned(vehicles=b.vehicles, reason="no_route", facts="no service")
        )
        for b in PROBLEM.batches
    )
    plan = replace(
        PLAN,
        batches=left_out,
        departures=(),
        days=(),
        charters=(),
        cents=0,
        vehicle_min=0,
        grams=0,
        value=PLAN.penalty,
        bound=None,
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


def test_less_than_nothing_is_rounded_like_more():
    assert (decimal_days(-DAY * 5 // 4), decimal_days(DAY * 5 // 4)) == ("-1.2", "1.3")


def test_co2e_is_told_in_tonnes_from_ten_tonnes_on():
    assert (mass(9_999_400), mass(10_000_000), mass(-499)) == ("9,999 kg CO2e", "10.0 t CO2e", "0 kg CO2e")


def test_the_plural_of_a_box_is_boxes():
    assert (count(1, "box"), count(2, "box"), count(2, "batch")) == ("1 box", "2 boxes", "2 batches")
