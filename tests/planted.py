"""A small world with a correct plan written down by hand, and tools to plant one fault in it.

Every time below is a literal in UTC, worked out on paper from the tables of the world; nothing is shared
with the code that plans. Four batches leave the works on 2 March 2026:

* ``suv``: 20 loose cars on the ship (26.00 CEU), delivered early;
* ``van``: 10 + 1 loose vans on two voyages (14.00 and 1.40 CEU), delivered late; one is left out;
* ``box``: 5 cars stuffed at the railhead from two road dispatches, 3 + 2 in two shared boxes;
* ``kit``: 2 kits that are only ever boxed, one a box.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from fractions import Fraction

from planner.clock import to_minutes
from planner.costing import Costing
from planner.model import (
    Batch,
    BatchPlan,
    BoxRun,
    Calendar,
    Call,
    Charge,
    Handling,
    Itinerary,
    LegUse,
    Network,
    Place,
    Plan,
    Problem,
    Road,
    Service,
    Stage,
    StorageTier,
    Tariff,
    Unplanned,
    VehicleType,
)
from planner.units import ceil_div

HOUR, DAY = 60, 1_440
MODES = {"SHIP": "roro", "TRAIN": "rail"}


def at(text: str) -> int:
    """Minutes since the epoch of ``MM-DD HH:MM`` in UTC, 2026."""
    return to_minutes(datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC))


def place(name, kind, country, zone):
    return Place(id=name, name=name, kind=kind, country=country, lat=0.0, lon=0.0, time_zone=zone)


def vehicle_type(name, **fields):
    usual = {"length_mm": 4_500, "width_mm": 1_850, "height_mm": 1_600, "mass_kg": 1_900, "cbm100": 1_400}
    return VehicleType(id=name, name=name, **usual | fields)


def usd(text: str) -> Fraction:
    """Exact cents of an amount in dollars."""
    return 100 * Fraction(text)


PLACES = (
    place("WORKS", "plant", "CN", "Asia/Shanghai"),
    place("DEPOT", "compound", "CN", "Asia/Shanghai"),
    place("RAILHEAD", "rail_terminal", "CN", "Asia/Shanghai"),
    place("PORT", "sea_port", "CN", "Asia/Shanghai"),
    place("BORDER", "border", "KZ", "Asia/Almaty"),
    place("CAPE", "passage", "ZA", "Africa/Johannesburg"),
    place("HUB", "rail_terminal", "DE", "Europe/Berlin"),
    place("QUAY", "sea_port", "DE", "Europe/Berlin"),
    place("MARKET", "compound", "DE", "Europe/Berlin"),
)
SERVICES = (
    Service(
        id="SHIP",
        name="car carrier",
        mode="roro",
        form="loose",
        capacity=4_000,
        capacity_unit="ceu",
        accepts_dg=True,
        max_height_mm=1_600,
        max_length_mm=4_500,
        max_mass_kg=1_900,
        shippers=("maker",),
        calls=(
            Call(seq=1, place="PORT", arrive_min=0, depart_min=0, load=True, unload=False, cutoff_min=DAY),
            Call(
                seq=2, place="CAPE", arrive_min=20 * DAY, depart_min=20 * DAY + 90, load=False, unload=False
            ),
            Call(
                seq=3,
                place="QUAY",
                arrive_min=30 * DAY,
                depart_min=30 * DAY,
                load=False,
                unload=True,
                release_min=12 * HOUR,
            ),
        ),
        # 18:00 in Shanghai is 10:00Z; the weeks of 7 and 21 March, not of 14 March.
        calendars=(
            Calendar(weekdays=(6,), every_weeks=2, anchor_date=date(2026, 3, 3), local_time=time(18)),
            Calendar(
                weekdays=(6,), local_time=time(18), first_date=date(2026, 3, 21), last_date=date(2026, 3, 21)
            ),
        ),
    ),
    Service(
        id="TRAIN",
        name="block train",
        mode="rail",
        form="boxed",
        capacity=5,
        capacity_unit="feu",
        accepts_dg=True,
        calls=(
            Call(
                seq=10,
                place="RAILHEAD",
                arrive_min=0,
                depart_min=0,
                load=True,
                unload=False,
                cutoff_min=6 * HOUR,
            ),
            Call(
                seq=20,
                place="BORDER",
                arrive_min=5 * DAY,
                depart_min=5 * DAY + 720,
                load=False,
                unload=False,
                capacity_onward=4,
            ),
            Call(
                seq=30,
                place="HUB",
                arrive_min=14 * DAY,
                depart_min=14 * DAY,
                load=False,
                unload=True,
                release_min=4 * HOUR,
            ),
        ),
        # Tuesdays and Fridays, 20:00 in Shanghai = 12:00Z.
        calendars=(
            Calendar(
                weekdays=(2, 5), local_time=time(20), first_date=date(2026, 3, 3), last_date=date(2026, 3, 6)
            ),
        ),
        first_date=date(2026, 3, 3),
        last_date=date(2026, 3, 6),
    ),
)
TARIFFS = (
    Tariff(
        service_id="SHIP",
        from_place="PORT",
        to_place="QUAY",
        charge="freight",
        per="ceu",
        price=usd("900.55"),
    ),
    Tariff(
        service_id="SHIP",
        from_place="PORT",
        to_place="QUAY",
        charge="surcharge",
        applies_to="dg",
        per="vehicle",
        price=usd("35"),
    ),
    Tariff(
        service_id="TRAIN",
        from_place="RAILHEAD",
        to_place="HUB",
        charge="freight",
        per="feu",
        price=usd("7000"),
    ),
    Tariff(
        service_id="TRAIN",
        from_place="RAILHEAD",
        to_place="HUB",
        charge="box_hire",
        per="feu",
        price=usd("450"),
    ),
)
CHARGES = (
    Charge(place_or_country="KZ", when="pass", mode="rail", form="boxed", per="feu", price=usd("120")),
    Charge(place_or_country="CN", when="export", per="vehicle", price=usd("18")),
    Charge(place_or_country="DE", when="import", per="value", price=Fraction(1, 10)),
)


def road(link, every, travel, price, first="06:00"):
    start, end, form = link.replace(">", " ").split()
    amount, per = price.split("/")
    return Road(
        from_place=start,
        to_place=end,
        form=form,
        km=100,
        travel_min=travel,
        departs_every_min=every,
        first_local_time=time.fromisoformat(first),
        per=per,
        price=usd(amount),
    )


ROADS = (
    road("WORKS>RAILHEAD loose", 6 * HOUR, 3 * HOUR, "60/vehicle"),
    road("WORKS>RAILHEAD boxed", 6 * HOUR, 3 * HOUR, "150/feu"),
    road("WORKS>PORT loose", 12 * HOUR, 10 * HOUR, "210/vehicle"),
    road("HUB>MARKET loose", DAY, 4 * HOUR, "140/vehicle", first="08:00"),
    road("HUB>MARKET boxed", DAY, 4 * HOUR, "400/feu", first="08:00"),
    road("QUAY>MARKET loose", DAY, 5 * HOUR, "160/vehicle", first="08:00"),
    # Not used by the plan: detours for planted faults.
    road("WORKS>DEPOT boxed", 6 * HOUR, HOUR, "40/feu"),
    road("WORKS>DEPOT loose", 6 * HOUR, HOUR, "20/vehicle"),
    road("DEPOT>RAILHEAD loose", 6 * HOUR, HOUR, "20/vehicle"),
    road("DEPOT>WORKS loose", 6 * HOUR, HOUR, "20/vehicle"),
)


def handling(where, change, minutes, price):
    modes, forms = change.split()
    from_mode, to_mode = modes.split(">")
    from_form, to_form = forms.split(">")
    amount, per = price.split("/")
    return Handling(
        place_or_kind=where,
        from_mode=from_mode,
        to_mode=to_mode,
        from_form=from_form,
        to_form=to_form,
        handling_min=minutes,
        per=per,
        price=usd(amount),
    )


HANDLING = (
    handling("plant", "origin> loose>loose", 60, "4/vehicle"),
    handling("plant", "origin>road boxed>boxed", 60, "11/feu"),
    handling("PORT", "road>roro loose>loose", 120, "25/vehicle"),
    handling("sea_port", "road>roro loose>loose", 7, "1/vehicle"),  # the port's own row beats it
    handling("rail_terminal", "road>rail loose>boxed", 240, "300/feu"),
    handling("rail_terminal", "road>rail boxed>boxed", 120, "45/feu"),
    handling("rail_terminal", "rail>road boxed>loose", 300, "220/feu"),
    handling("rail_terminal", "rail>road boxed>boxed", 60, "45/feu"),
    handling("QUAY", "roro>road loose>loose", 180, "30/vehicle"),
    handling("compound", ">delivery loose>loose", 30, "6/vehicle"),
    handling("compound", "road>delivery boxed>boxed", 0, "0/vehicle"),
    # Not used by the plan: detours for planted faults.
    handling("plant", "origin>road loose>boxed", 60, "300/feu"),
    handling("plant", "road>road loose>loose", 60, "4/vehicle"),
    handling("DEPOT", "road>road boxed>loose", 60, "220/feu"),
    handling("DEPOT", "road>road loose>loose", 60, "4/vehicle"),
)
STORAGE = (
    StorageTier(
        place_or_kind="PORT", from_min=48 * HOUR, per="vehicle", price_per_day=usd("3"), once=usd("5")
    ),
    StorageTier(place_or_kind="PORT", from_min=72 * HOUR, per="cbm", price_per_day=usd("0.5")),
    # 98 hours: exactly what the vans and the cars need.
    StorageTier(
        place_or_kind="PORT", from_min=DAY, per="vehicle", price_per_day=usd("1"), max_dwell_min=98 * HOUR
    ),
    StorageTier(place_or_kind="sea_port", per="vehicle", price_per_day=usd("7")),
    StorageTier(place_or_kind="rail_terminal", form="boxed", per="teu", price_per_day=usd("9")),
    StorageTier(
        place_or_kind="rail_terminal", form="loose", per="vehicle", price_per_day=usd("2"), once=usd("1")
    ),
)
TYPES = (
    vehicle_type("SUV", ceu100=130, vehicles_per_feu=3, un_number="3556", typical_value_cents=usd("24000")),
    vehicle_type("VAN", ceu100=140, vehicles_per_feu=0, typical_value_cents=usd("31000")),
    vehicle_type("KIT", ceu100=100, vehicles_per_feu=1, loose_allowed=False, typical_value_cents=usd("9000")),
)


def batch(name, type_id, vehicles, due, **fields):
    return Batch(
        id=name,
        shipper="maker",
        origin="WORKS",
        destination="MARKET",
        vehicle_type=type_id,
        vehicles=vehicles,
        ready_min=at("03-01 16:00"),  # midnight in Shanghai
        due_min=at(due),
        **fields,
    )


BATCHES = (
    batch("suv", "SUV", 20, "04-20 22:00", early_price=usd("1.5")),
    batch("van", "VAN", 12, "04-05 22:00", late_price=usd("12"), unplanned_price=usd("2500")),
    batch("box", "SUV", 5, "04-20 22:00", value_per_vehicle=usd("25000")),
    batch("kit", "KIT", 2, "04-20 22:00"),
)


def planted_problem() -> Problem:
    """The world and its four batches."""
    return Problem(
        network=Network(
            places={place.id: place for place in PLACES},
            services={service.id: service for service in SERVICES},
            tariffs=TARIFFS,
            charges=CHARGES,
            roads=ROADS,
            handling=HANDLING,
            storage=STORAGE,
            vehicle_types={vehicle_type.id: vehicle_type for vehicle_type in TYPES},
        ),
        batches=BATCHES,
    )


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
        lp_bound=0,
        bound=0,
    )
    return totalled(problem, priced(problem, plan))


def priced(problem: Problem, plan: Plan) -> Plan:
    """The plan with the cost lines of its stages, and the box cents that follow from them."""
    costing = Costing(problem)
    batch_of = {batch.id: batch for batch in problem.batches}
    batches = []
    for entry in plan.batches:
        itineraries = tuple(
            replace(each, lines=costing.price(batch_of[entry.batch_id], each.stages))
            for each in entry.itineraries
        )
        cents = {each.box_run: each.box_cents for each in itineraries}
        runs = tuple(
            replace(run, box_cents=cents.get(number, run.box_cents))
            for number, run in enumerate(entry.box_runs)
        )
        batches.append(replace(entry, itineraries=itineraries, box_runs=runs))
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
    """The plan with totals that agree with what its batches say, right or wrong."""
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
    own = vehicle_min if problem.terms.objective == "time" else cents
    return replace(plan, cents=cents, vehicle_min=vehicle_min, penalty=penalty, value=own + penalty)


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
