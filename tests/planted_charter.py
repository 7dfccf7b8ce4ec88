"""A correct plan, written down by hand, for the world of charters and full days.

Every time is a literal in UTC, worked out on paper from the tables of :mod:`tests.planted_charter_world`:

* ``pack``: 6 kits, two a box, on the block train of 3 March;
* ``mix``: 4 cars in two boxes on the same train, 3 loose on the car carrier of 7 March, one left out;
* ``whole``: 5 vans of another shipper on that car carrier;
* ``early``: a van that is booked and has left on 28 February, and one on the voyage added on 4 March.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.model import BatchPlan, BoxRun, Charter, DayUse, DepartureShare, Plan, Problem, Unplanned
from tests.planted import itinerary, leg_use, priced, totalled
from tests.planted_charter_world import charter_problem

PACK, MIX, WHOLE, EARLY = range(4)
"""Batch entries of the plan."""

# Handling at the yard: + 15 of export. At the hub: + 45 of import. The train is 30 late by the exception, 90
# by the gate, and comes 3 h after its timetable under the times planned with.
KITS = """
start WORKS boxed             | 03-01 16:00
handling road boxed           | 03-01 17:00
dwell                         | 03-01 22:00
road YARD                     | 03-02 01:00
handling rail boxed           | 03-02 03:15
dwell                         | 03-03 06:30
ride BLOCK 03-03 10-30 HUB    | 03-17 21:00
handling road boxed           | 03-17 22:45
dwell                         | 03-18 07:00
road MARKET                   | 03-18 11:00
handling delivery boxed       | 03-18 11:00
"""
CARS_IN_BOXES = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-01 22:00
road YARD                     | 03-02 01:00
handling rail boxed           | 03-02 05:15
dwell                         | 03-03 06:30
ride BLOCK 03-03 10-30 HUB    | 03-17 21:00
handling road loose           | 03-18 02:45
dwell                         | 03-18 07:00
road MARKET                   | 03-18 11:00
handling delivery loose       | 03-18 11:30
"""
# Handling at the pier: + 15 of export + 20 of loading. The ship is 10 late, and an hour after its timetable.
BY_FERRY = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-01 22:00
road PIER                     | 03-02 08:00
handling roro loose           | 03-02 10:35
dwell                         | 03-06 10:10
ride FERRY 03-07 1-3 QUAY     | 04-06 23:10
handling road loose           | 04-07 02:55
dwell                         | 04-07 06:00
road MARKET                   | 04-07 11:00
handling delivery loose       | 04-07 11:30
"""
BY_ADDED_FERRY = """
start WORKS loose             | 02-24 16:00
handling road loose           | 02-24 17:00
dwell                         | 03-01 16:00
road PIER                     | 03-02 02:00
handling roro loose           | 03-02 04:35
dwell                         | 03-03 09:00
ride FERRY 03-04 1-3 QUAY     | 04-03 22:00
handling road loose           | 04-04 01:45
dwell                         | 04-04 06:00
road MARKET                   | 04-04 11:00
handling delivery loose       | 04-04 11:30
"""
BY_FIRST_FERRY = """
start WORKS loose             | 02-24 16:00
handling road loose           | 02-24 17:00
dwell                         | 02-24 22:00
road PIER                     | 02-25 08:00
handling roro loose           | 02-25 10:35
dwell                         | 02-27 10:00
ride FERRY 02-28 1-3 QUAY     | 03-30 23:00
handling road loose           | 03-31 02:45
dwell                         | 03-31 06:00
road MARKET                   | 03-31 11:00
handling delivery loose       | 03-31 11:30
"""


def day_use(key, used, capacity):
    """Use of a place or road on a day: ``FROM TO form MM-DD``."""
    start, end, form, day = key.split()
    return DayUse(
        from_place=start,
        to_place=end,
        form=form,
        day=date.fromisoformat(f"2026-{day}"),
        used=used,
        capacity=capacity,
        unit_value_cents=0,
    )


def block_share(kind, cents):
    """What a batch pays of the block train of 3 March."""
    return DepartureShare(service_id="BLOCK", departure_day=date(2026, 3, 3), kind=kind, cents=cents)


DEPARTURES = (
    leg_use("BLOCK 03-03 0 YARD>GATE", "03-03 12:30", 5, 6),
    leg_use("BLOCK 03-03 1 GATE>HUB", "03-08 01:30", 5, 5),
    leg_use("FERRY 02-28 0 PIER>CAPE", "02-28 10:00", 1, 12),
    leg_use("FERRY 02-28 1 CAPE>QUAY", "03-20 11:30", 1, 12),
    leg_use("FERRY 03-04 0 PIER>CAPE", "03-04 09:00", 1, 5),
    leg_use("FERRY 03-04 1 CAPE>QUAY", "03-24 10:30", 1, 5),
    leg_use("FERRY 03-07 0 PIER>CAPE", "03-07 10:10", 8, 12),
    leg_use("FERRY 03-07 1 CAPE>QUAY", "03-27 11:40", 8, 12),
)
DAYS = (
    day_use("HUB HUB boxed 03-17", 5, 5),
    day_use("MARKET MARKET boxed 03-18", 3, 3),
    day_use("WORKS WORKS boxed 03-02", 3, 3),
    day_use("WORKS WORKS loose 02-25", 1, 13),
    day_use("WORKS WORKS loose 03-02", 13, 13),
    day_use("WORKS YARD boxed 03-02", 6, 6),
    day_use("WORKS YARD loose 03-02", 4, 4),
)


def charter_world() -> tuple[Problem, Plan]:
    """The problem, with what is kept, and the correct plan."""
    problem = charter_problem()
    # 500.01 over 3 : 2 boxes is 300.006 and 200.004; 2 x 1,000.01 over 3 : 2 is 1,200.012 and 800.008.
    batches = (
        BatchPlan(
            batch_id="pack",
            itineraries=(itinerary(1, 6, KITS, 0),),
            box_runs=(BoxRun(vehicles=6, boxes=3, box_cents=0),),
            shares=(block_share("departure", 30_001), block_share("module", 120_001)),
        ),
        BatchPlan(
            batch_id="mix",
            itineraries=(itinerary(1, 4, CARS_IN_BOXES, 0), itinerary(2, 3, BY_FERRY)),
            box_runs=(BoxRun(vehicles=4, boxes=2, box_cents=0),),
            shares=(block_share("departure", 20_000), block_share("module", 80_001)),
            unplanned=Unplanned(vehicles=1, reason="too_dear", facts="one car too many"),
        ),
        BatchPlan(batch_id="whole", itineraries=(itinerary(1, 5, BY_FERRY),)),
        BatchPlan(
            batch_id="early",
            itineraries=(
                replace(itinerary(1, 1, BY_FIRST_FERRY), booked=True),
                itinerary(2, 1, BY_ADDED_FERRY),
            ),
        ),
    )
    plan = Plan(
        objective="blend",
        currency="USD",
        batches=batches,
        departures=DEPARTURES,
        days=DAYS,
        charters=(
            Charter(
                service_id="BLOCK",
                departure_day=date(2026, 3, 3),
                modules=2,
                boarded=5,
                departure_cents=50_001,
                module_cents=200_002,
            ),
        ),
        cents=0,
        vehicle_min=0,
        penalty=0,
        value=0,
    )
    plan = totalled(problem, priced(problem, plan))
    return replace(problem, kept={"early": plan.batches[EARLY].itineraries[:1]}), plan
