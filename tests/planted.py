"""A correct plan written down by hand for a small world, and tools to plant one fault in it.

Every time below is a literal in UTC, worked out on paper from the tables of the world; nothing is shared
with the code that plans. Four batches leave the works on 2 March 2026:

* ``suv``: 20 loose cars on the ship (26.00 CEU), delivered early;
* ``van``: 10 + 1 loose vans on two voyages (14.00 and 1.40 CEU), delivered late; one is left out;
* ``box``: 5 cars stuffed at the railhead from two road dispatches, 3 + 2 in two shared boxes;
* ``kit``: 2 kits that are only ever boxed, one a box.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from planner.costing import Costing, charges_of_parts
from planner.model import BatchPlan, BoxRun, Itinerary, LegUse, Plan, Problem, Stage, Unplanned
from planner.units import ceil_div
from tests.planted_world import at

SUV, VAN, BOX, KIT = range(4)
"""Batch entries of the plan."""


def stages_of(text: str) -> tuple[Stage, ...]:
    """Stages from lines of text, each with its end; the first line is the start.

    ``start PLACE FORM``, ``handling MODE FORM``, ``dwell``, ``road PLACE``,
    ``ride SERVICE MM-DD board-alight PLACE``, all followed by ``| MM-DD HH:MM`` in UTC.
    """
    first, *lines = [line.split("|") for line in text.strip().splitlines()]
    _, here, form = first[0].split()
    now, mode, stages = at(first[1].strip()), "", []
    for words, end in lines:
        kind, *rest = words.split()
        there, next_form, named = here, form, {}
        if kind == "handling":
            mode, next_form = rest
        elif kind == "road":
            there = rest[0]
        elif kind == "ride":
            service, day, calls, there = rest
            board, alight = map(int, calls.split("-"))
            named = {
                "service_id": service,
                "departure_day": date.fromisoformat(f"2026-{day}"),
                "board_seq": board,
                "alight_seq": alight,
            }
        stages.append(
            Stage(
                kind=kind,
                start_min=now,
                end_min=at(end.strip()),
                from_place=here,
                to_place=there,
                mode=mode,
                from_form=form,
                to_form=next_form,
                **named,
            )
        )
        now, here, form = stages[-1].end_min, there, next_form
    return tuple(stages)


BY_SHIP = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-01 22:00
road PORT                     | 03-02 08:00
handling roro loose           | 03-02 10:00
dwell                         | 03-06 10:00
ride SHIP 03-07 1-3 QUAY      | 04-06 22:00
handling road loose           | 04-07 01:00
dwell                         | 04-07 06:00
road MARKET                   | 04-07 11:00
handling delivery loose       | 04-07 11:30
"""
BY_NEXT_SHIP = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-15 22:00
road PORT                     | 03-16 08:00
handling roro loose           | 03-16 10:00
dwell                         | 03-20 10:00
ride SHIP 03-21 1-3 QUAY      | 04-20 22:00
handling road loose           | 04-21 01:00
dwell                         | 04-21 06:00
road MARKET                   | 04-21 11:00
handling delivery loose       | 04-21 11:30
"""
BY_TRAIN = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-01 22:00
road RAILHEAD                 | 03-02 01:00
handling rail boxed           | 03-02 05:00
dwell                         | 03-03 06:00
ride TRAIN 03-03 10-30 HUB    | 03-17 16:00
handling road loose           | 03-17 21:00
dwell                         | 03-18 07:00
road MARKET                   | 03-18 11:00
handling delivery loose       | 03-18 11:30
"""
BY_TRAIN_LATER_TRUCK = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-02 04:00
road RAILHEAD                 | 03-02 07:00
handling rail boxed           | 03-02 11:00
dwell                         | 03-03 06:00
ride TRAIN 03-03 10-30 HUB    | 03-17 16:00
handling road loose           | 03-17 21:00
dwell                         | 03-18 07:00
road MARKET                   | 03-18 11:00
handling delivery loose       | 03-18 11:30
"""
BY_NEXT_TRAIN = """
start WORKS loose             | 03-01 16:00
handling road loose           | 03-01 17:00
dwell                         | 03-02 04:00
road RAILHEAD                 | 03-02 07:00
handling rail boxed           | 03-02 11:00
dwell                         | 03-06 06:00
ride TRAIN 03-06 10-30 HUB    | 03-20 16:00
handling road loose           | 03-20 21:00
dwell                         | 03-21 07:00
road MARKET                   | 03-21 11:00
handling delivery loose       | 03-21 11:30
"""
ALWAYS_BOXED = """
start WORKS boxed             | 03-01 16:00
handling road boxed           | 03-01 17:00
dwell                         | 03-01 22:00
road RAILHEAD                 | 03-02 01:00
handling rail boxed           | 03-02 03:00
dwell                         | 03-03 06:00
ride TRAIN 03-03 10-30 HUB    | 03-17 16:00
handling road boxed           | 03-17 17:00
dwell                         | 03-18 07:00
road MARKET                   | 03-18 11:00
handling delivery boxed       | 03-18 11:00
"""

ALWAYS_BOXED_LATER_TRUCK = """
start WORKS boxed             | 03-01 16:00
handling road boxed           | 03-01 17:00
dwell                         | 03-02 04:00
road RAILHEAD                 | 03-02 07:00
handling rail boxed           | 03-02 09:00
dwell                         | 03-03 06:00
ride TRAIN 03-03 10-30 HUB    | 03-17 16:00
handling road boxed           | 03-17 17:00
dwell                         | 03-18 07:00
road MARKET                   | 03-18 11:00
handling delivery boxed       | 03-18 11:00
"""


def itinerary(part, vehicles, text, box_run=None):
    return Itinerary(part=part, vehicles=vehicles, stages=stages_of(text), lines=(), box_run=box_run)


def leg_use(key, depart, used, capacity):
    service, day, leg, places = key.split()
    start, end = places.split(">")
    return LegUse(
        service_id=service,
        departure_day=date.fromisoformat(f"2026-{day}"),
        leg=int(leg),
        from_place=start,
        to_place=end,
        depart_min=at(depart),
        used=used,
        capacity=capacity,
        unit_value_cents=0,
    )


def planted_plan(problem: Problem) -> Plan:
    """The correct plan; prices by costing, whose own tests are by hand."""
    batches = (
        BatchPlan(batch_id="suv", itineraries=(itinerary(1, 20, BY_SHIP),)),
        BatchPlan(
            batch_id="van",
            itineraries=(itinerary(1, 10, BY_SHIP), itinerary(2, 1, BY_NEXT_SHIP)),
            unplanned=Unplanned(vehicles=1, reason="too_dear", facts="one van too many"),
        ),
        BatchPlan(
            batch_id="box",
            itineraries=(itinerary(1, 3, BY_TRAIN, 0), itinerary(1, 2, BY_TRAIN_LATER_TRUCK, 0)),
            box_runs=(BoxRun(vehicles=5, boxes=2, box_cents=0),),
        ),
        BatchPlan(
            batch_id="kit",
            itineraries=(itinerary(1, 2, ALWAYS_BOXED, 0),),
            box_runs=(BoxRun(vehicles=2, boxes=2, box_cents=0),),
        ),
    )
    departures = (
        leg_use("SHIP 03-07 0 PORT>CAPE", "03-07 10:00", 4_000, 4_000),
        leg_use("SHIP 03-07 1 CAPE>QUAY", "03-27 11:30", 4_000, 4_000),
        leg_use("SHIP 03-21 0 PORT>CAPE", "03-21 10:00", 140, 4_000),
        leg_use("SHIP 03-21 1 CAPE>QUAY", "04-10 11:30", 140, 4_000),
        leg_use("TRAIN 03-03 0 RAILHEAD>BORDER", "03-03 12:00", 4, 5),
        leg_use("TRAIN 03-03 1 BORDER>HUB", "03-09 00:00", 4, 4),
    )
    plan = Plan(
        objective="cost",
        currency="USD",
        batches=batches,
        departures=departures,
        cents=0,
        vehicle_min=0,
        penalty=0,
        value=0,
    )
    return totalled(problem, priced(problem, plan))


def priced(problem: Problem, plan: Plan) -> Plan:
    """The plan with the cost and emission lines of its stages, and the sums of boxes and parts by them."""
    costing = Costing(problem)
    batch_of = {batch.id: batch for batch in problem.batches}
    batches = []
    for entry in plan.batches:
        itineraries = tuple(
            replace(
                each,
                lines=costing.price(batch_of[entry.batch_id], each.stages),
                emissions=costing.emissions(batch_of[entry.batch_id], each.stages),
            )
            for each in entry.itineraries
        )
        of_run = {each.box_run: each for each in itineraries}
        runs = tuple(
            replace(run, box_cents=of_run[number].box_cents, box_grams=of_run[number].box_grams)
            if number in of_run
            else run
            for number, run in enumerate(entry.box_runs)
        )
        charges = charges_of_parts(itineraries)
        batches.append(replace(entry, itineraries=itineraries, box_runs=runs, part_charges=charges))
    return replace(plan, batches=tuple(batches))


def counted(problem: Problem, plan: Plan) -> Plan:
    """The plan with vehicles and boxes of its runs counted again from the itineraries that name them."""
    batch_of = {batch.id: batch for batch in problem.batches}
    batches = []
    for entry in plan.batches:
        in_a_box = max(1, problem.vehicle_type_of(batch_of[entry.batch_id]).vehicles_per_feu)
        riders = [
            sum(each.vehicles for each in entry.itineraries if each.box_run == number)
            for number in range(len(entry.box_runs))
        ]
        runs = tuple(
            replace(run, vehicles=vehicles, boxes=ceil_div(vehicles, in_a_box))
            for run, vehicles in zip(entry.box_runs, riders, strict=True)
        )
        batches.append(replace(entry, box_runs=runs))
    return replace(plan, batches=tuple(batches))


def totalled(problem: Problem, plan: Plan) -> Plan:
    """The plan with totals that agree with what its batches say, right or wrong, and proved optimal."""
    batch_of = {batch.id: batch for batch in problem.batches}
    cents = sum(entry.cents for entry in plan.batches)
    vehicle_min = sum(
        each.vehicles * (each.stages[-1].end_min - batch_of[entry.batch_id].ready_min)
        for entry in plan.batches
        for each in entry.itineraries
        if each.stages
    )
    penalty = sum(
        entry.unplanned.vehicles * problem.terms.unplanned_cost(batch_of[entry.batch_id])
        for entry in plan.batches
        if entry.unplanned
    )
    grams = sum(entry.grams for entry in plan.batches) if problem.network.emission_factors else None
    blend = blend_cents(problem, plan) if problem.terms.objective == "blend" else 0
    own = {"cost": cents, "time": vehicle_min, "co2e": grams, "blend": cents + blend}[problem.terms.objective]
    value = own + penalty
    return replace(
        plan,
        cents=cents,
        vehicle_min=vehicle_min,
        grams=grams,
        blend_cents=blend,
        penalty=penalty,
        value=value,
        lp_bound=value,
        bound=value,
    )


def blend_cents(problem: Problem, plan: Plan) -> int:
    """What the days of vehicles and the grams of vehicles and boxes count in cents."""
    costing = Costing(problem)
    batch_of = {batch.id: batch for batch in problem.batches}
    total = 0
    for entry in plan.batches:
        for each in entry.itineraries:
            per_vehicle = costing.blend_cents_per_vehicle(
                batch_of[entry.batch_id], each.stages, each.emissions
            )
            total += each.vehicles * per_vehicle
        first_of_run = {each.box_run: each for each in reversed(entry.itineraries)}
        total += sum(
            run.boxes * costing.blend_cents_per_box(first_of_run[number].emissions)
            for number, run in enumerate(entry.box_runs)
            if number in first_of_run
        )
    return total


def with_entry(plan: Plan, number: int, **fields) -> Plan:
    """The plan with fields of one batch entry replaced."""
    batches = list(plan.batches)
    batches[number] = replace(batches[number], **fields)
    return replace(plan, batches=tuple(batches))


def with_itinerary(plan: Plan, number: int, which: int, **fields) -> Plan:
    """The plan with fields of one itinerary replaced."""
    itineraries = list(plan.batches[number].itineraries)
    itineraries[which] = replace(itineraries[which], **fields)
    return with_entry(plan, number, itineraries=tuple(itineraries))


def with_stages(plan: Plan, number: int, which: int, changes: dict[int, dict[str, object]]) -> Plan:
    """The plan with fields of some stages of one itinerary replaced, by stage number."""
    stages = list(plan.batches[number].itineraries[which].stages)
    for stage, fields in changes.items():
        stages[stage] = replace(stages[stage], **fields)
    return with_itinerary(plan, number, which, stages=tuple(stages))


def with_run(plan: Plan, number: int, which: int, **fields) -> Plan:
    """The plan with fields of one boxed run replaced."""
    runs = list(plan.batches[number].box_runs)
    runs[which] = replace(runs[which], **fields)
    return with_entry(plan, number, box_runs=tuple(runs))


def with_leg_use(plan: Plan, which: int, **fields) -> Plan:
    """The plan with fields of one listed leg replaced."""
    uses = list(plan.departures)
    uses[which] = replace(uses[which], **fields)
    return replace(plan, departures=tuple(uses))


def with_service(problem: Problem, service_id: str, **fields) -> Problem:
    """The problem with fields of one service replaced."""
    services = dict(problem.network.services)
    services[service_id] = replace(services[service_id], **fields)
    return with_tables(problem, services=services)


def with_call(problem: Problem, service_id: str, number: int, **fields) -> Problem:
    """The problem with fields of one call replaced."""
    calls = list(problem.network.services[service_id].calls)
    calls[number] = replace(calls[number], **fields)
    return with_service(problem, service_id, calls=tuple(calls))


def with_type(problem: Problem, type_id: str, **fields) -> Problem:
    """The problem with fields of one vehicle type replaced."""
    types = dict(problem.network.vehicle_types)
    types[type_id] = replace(types[type_id], **fields)
    return with_tables(problem, vehicle_types=types)


def with_batch(problem: Problem, number: int, **fields) -> Problem:
    """The problem with fields of one batch replaced."""
    batches = list(problem.batches)
    batches[number] = replace(batches[number], **fields)
    return replace(problem, batches=tuple(batches))


def with_tables(problem: Problem, **tables) -> Problem:
    """The problem with whole tables of its network replaced."""
    return replace(problem, network=replace(problem.network, **tables))


def with_row(problem: Problem, table: str, number: int, **fields) -> Problem:
    """The problem with fields of one row of a table replaced."""
    rows = list(getattr(problem.network, table))
    rows[number] = replace(rows[number], **fields)
    return with_tables(problem, **{table: tuple(rows)})


def without_row(problem: Problem, table: str, number: int) -> Problem:
    """The problem without one row of a table."""
    rows = list(getattr(problem.network, table))
    del rows[number]
    return with_tables(problem, **{table: tuple(rows)})
