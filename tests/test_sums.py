"""Sums of a plan by kind, mode and part, and how what is paid together is shared."""

from __future__ import annotations

from datetime import date

import pytest

from planner.costing import (
    batch_cost_by_kind,
    charges_of_parts,
    cost_by_kind,
    grams_by_mode,
    part_cents,
    share,
    share_departure,
    share_departures,
)
from planner.model import (
    BatchPlan,
    BoxRun,
    Charter,
    CostLine,
    DepartureShare,
    Itinerary,
    PartCharge,
    Stage,
)
from planner.model.plans import COST_KINDS
from planner.render.by_itinerary import sums_by_itinerary
from tests.planted import planted_plan
from tests.planted_charter import MIX, PACK, charter_world
from tests.planted_world import planted_problem


@pytest.fixture(scope="module")
def problem():
    return planted_problem()


def line(kind, cents, per="vehicle"):
    return CostLine(kind=kind, stage=0, label=kind, per=per, unit_cents=cents)


def rider(part, vehicles, *lines, run=None):
    return Itinerary(part=part, vehicles=vehicles, stages=(), lines=lines, box_run=run)


def test_box_lines_count_once_a_box_and_vehicle_lines_once_a_vehicle():
    lines = line("freight", 1_000, "box"), line("road", 7), line("stuffing", 100, "box")
    entry = BatchPlan(
        batch_id="b",
        itineraries=(rider(1, 3, *lines, run=0), rider(1, 2, *lines, run=0), rider(2, 4, line("freight", 9))),
        box_runs=(BoxRun(vehicles=5, boxes=2, box_cents=1_100),),
    )
    totals = batch_cost_by_kind(entry)
    # Freight 2 boxes x 1,000 + 4 cars x 9; stuffing 2 x 100; road 5 x 7.
    assert {kind: cents for kind, cents in totals.items() if cents} == {
        "freight": 2_036,
        "stuffing": 200,
        "road": 35,
    }
    assert tuple(totals) == COST_KINDS
    assert sum(totals.values()) == entry.cents


def test_costs_by_kind_add_up_to_the_money_of_the_plan(problem):
    plan = planted_plan(problem)
    totals = cost_by_kind(plan)
    assert tuple(totals) == COST_KINDS
    assert sum(totals.values()) == plan.cents
    # Boxes: two of the cars and two of the kits at 7,000; ship 20 x 1,170.72 + 11 x 1,260.77.
    assert totals["freight"] == 4 * 700_000 + 20 * 117_072 + 11 * 126_077
    assert totals["insurance"] == 0


def test_money_of_a_run_is_shared_over_its_parts_by_vehicles():
    box = line("freight", 100, "box")
    entry = BatchPlan(
        batch_id="b",
        itineraries=(
            rider(1, 1, box, line("road", 5), run=0),
            rider(2, 1, box, run=0),
            rider(3, 1, box, run=0),
            rider(2, 1, line("road", 3)),
        ),
        box_runs=(BoxRun(vehicles=3, boxes=1, box_cents=100),),
    )
    # 100 over 1 : 1 : 1 is 34, 33, 33: the odd cent goes to the first part.
    assert part_cents(entry) == {1: 39, 2: 36, 3: 33}
    assert sum(part_cents(entry).values()) == entry.cents


def test_what_a_part_pays_once_counts_once_and_in_its_part_alone():
    once = line("charge", 500, "part"), line("charge", 70, "part")
    itineraries = (
        rider(1, 3, *once, line("road", 7)),
        rider(1, 2, *once),
        rider(2, 4, line("road", 9)),
        rider(3, 1, once[0]),
    )
    charges = charges_of_parts(itineraries)
    assert charges == (PartCharge(part=1, cents=570), PartCharge(part=3, cents=500))
    entry = BatchPlan(batch_id="b", itineraries=itineraries, part_charges=charges)
    totals = batch_cost_by_kind(entry)
    assert (totals["charge"], totals["road"]) == (1_070, 57)
    assert part_cents(entry) == {1: 591, 2: 36, 3: 500}
    assert entry.cents == 1_127
    # 570 over 3 : 2 vehicles.
    assert [own.cents for own in sums_by_itinerary(entry)] == [21 + 342, 228, 36, 500]


def test_parts_of_the_planted_plan_add_up_to_its_batches(problem):
    for entry in planted_plan(problem).batches:
        assert sum(part_cents(entry).values()) == entry.cents
        assert list(part_cents(entry)) == sorted({each.part for each in entry.itineraries})


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10, [1], [10]),
        (10, [1, 2], [3, 7]),  # 3.33, 6.67: the larger remainder gets the unit
        (10, [2, 1], [7, 3]),
        (5, [1, 1], [3, 2]),  # a tie goes to the earlier
        (2, [1, 1, 1], [1, 1, 0]),
        (0, [3, 4], [0, 0]),
        (7, [0, 1], [0, 7]),
        (-5, [1, 1], [-2, -3]),  # a rebate is shared whole too
    ],
)
def test_largest_remainder_shares_every_unit(total, weights, shares):
    assert share(total, weights) == shares


@pytest.mark.parametrize("weights", [[], [0, 0]])
def test_nothing_to_share_by_is_refused(weights):
    with pytest.raises(ValueError, match="more than 0"):
        share(1, weights)


# --- departures as a whole -----------------------------------------------------------------------------


def test_odd_cents_of_a_departure_go_to_the_largest_remainder_then_by_batch_id():
    assert share_departure(10, {"b": 1, "a": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert share_departure(10, {"b": 2, "a": 1}) == {"a": 3, "b": 7}
    with pytest.raises(ValueError, match="more than 0"):
        share_departure(10, {"a": 0})


def charter(service, day, departure, modules):
    return Charter(
        service_id=service,
        departure_day=date(2026, 3, day),
        modules=1,
        boarded=3,
        departure_cents=departure,
        module_cents=modules,
    )


def paid(service, day, kind, cents):
    return DepartureShare(service_id=service, departure_day=date(2026, 3, day), kind=kind, cents=cents)


def test_batches_pay_for_the_departures_they_board_in_their_order_and_nothing_of_nought():
    charters = charter("T", 3, 10, 5), charter("T", 4, 0, 7), charter("U", 3, 1, 0)
    boarded = {
        ("T", date(2026, 3, 3)): {"b": 1, "a": 2},
        ("T", date(2026, 3, 4)): {"b": 4},
        ("U", date(2026, 3, 3)): {"a": 1, "b": 1},
    }
    # 10 over 2 : 1 is 6.67 and 3.33; 5 is 3.33 and 1.67; the one cent of U goes to a.
    assert share_departures(charters, boarded) == {
        "a": (paid("T", 3, "departure", 7), paid("T", 3, "module", 3), paid("U", 3, "departure", 1)),
        "b": (paid("T", 3, "departure", 3), paid("T", 3, "module", 2), paid("T", 4, "module", 7)),
    }
    with pytest.raises(ValueError, match="more than 0"):
        share_departures(charters, {})


def test_shares_of_the_planted_plan_are_those_of_its_charter():
    _, plan = charter_world()
    boarded = {("BLOCK", date(2026, 3, 3)): {"pack": 3, "mix": 2}}
    assert share_departures(plan.charters, boarded) == {
        "pack": plan.batches[PACK].shares,
        "mix": plan.batches[MIX].shares,
    }


def ride(service, day):
    return Stage(
        kind="ride",
        start_min=0,
        end_min=1,
        from_place="A",
        to_place="B",
        mode="rail",
        from_form="loose",
        to_form="loose",
        service_id=service,
        departure_day=date(2026, 3, day),
        board_seq=1,
        alight_seq=2,
    )


def test_share_of_a_departure_is_split_over_the_parts_that_ride_it_by_vehicles():
    def on(part, vehicles, *stages):
        return Itinerary(part=part, vehicles=vehicles, stages=stages, lines=(line("road", 10),))

    entry = BatchPlan(
        batch_id="b",
        itineraries=(
            on(1, 1, ride("T", 3)),
            on(2, 2, ride("U", 1), ride("T", 3)),
            on(3, 5, ride("T", 4)),  # the same service on another day
            on(1, 1, ride("T", 3)),
            on(4, 1, ride("T", 3), ride("T", 3)),  # boards twice, and is one vehicle
        ),
        shares=(paid("T", 3, "departure", 101), paid("T", 4, "module", 7)),
    )
    # 101 over 2 : 2 : 1 is 40.4, 40.4, 20.2: the odd cent goes to part 1.
    assert part_cents(entry) == {1: 20 + 41, 2: 20 + 40, 3: 50 + 7, 4: 10 + 20}
    assert sum(part_cents(entry).values()) == entry.cents


def test_shares_are_kinds_of_cost_of_their_own():
    _, plan = charter_world()
    totals = cost_by_kind(plan)
    assert (totals["departure"], totals["module"]) == (50_001, 200_002)
    assert sum(totals.values()) == plan.cents
    assert batch_cost_by_kind(plan.batches[MIX])["module"] == 80_001
    for entry in plan.batches:
        assert sum(part_cents(entry).values()) == entry.cents


def test_grams_by_mode_add_up_to_those_of_the_plan():
    _, plan = charter_world()
    assert grams_by_mode(plan) == {
        "rail": 5 * 445_000,
        "road": 3 * 90_000 + 6 * 11_780 + 14 * 2 * 11_780,
        "roro": 3 * 911_990 + 7 * 982_143,
    }
    assert sum(grams_by_mode(plan).values()) == plan.grams


def test_grams_by_mode_of_an_unknown_network_are_none(problem):
    assert grams_by_mode(planted_plan(problem)) == {}
