"""A problem and a plan made by hand, in which every optional field of a plan is used at least once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from fractions import Fraction

from planner.clock import to_minutes
from planner.model import (
    Baseline,
    Batch,
    BatchPlan,
    BoxRun,
    Calendar,
    Call,
    Charter,
    CostLine,
    DayUse,
    DepartureShare,
    Duty,
    EmissionFactor,
    EmissionLine,
    Handling,
    Itinerary,
    LegUse,
    Network,
    PartCharge,
    Place,
    Plan,
    Problem,
    Remedy,
    Result,
    Road,
    Service,
    SlotValue,
    Stage,
    Tariff,
    Terms,
    Unplanned,
    VehicleType,
)
from planner.model.sources import Source

DAY = date(2027, 3, 8)


def at(day, hour=0, minute=0):
    """Minutes of a UTC time in March 2027; days above 31 run on into April."""
    return to_minutes(datetime(2027, 3, 1, hour, minute, tzinfo=UTC)) + (day - 1) * 1_440


def place(place_id, name, kind, country, time_zone, **more):
    return Place(
        id=place_id, name=name, kind=kind, country=country, lat=0, lon=0, time_zone=time_zone, **more
    )


PLACES = {
    item.id: item
    for item in (
        place("CN-PLANT", "=Plant", "plant", "CN", "Asia/Shanghai", name_zh="工厂", aliases=("Works",)),
        place("CN-RAIL", "Dry port", "rail_terminal", "CN", "Asia/Shanghai"),
        place("CN-SEA", "Sea port", "sea_port", "CN", "Asia/Shanghai"),
        place("DE-RAIL", "Ruhr hub", "rail_terminal", "DE", "Europe/Berlin"),
        place("DE-YARD", "Yard", "compound", "DE", "Europe/Berlin"),
    )
}


def service(service_id, mode, form, room, calls, **more):
    return Service(
        id=service_id,
        name=service_id,
        mode=mode,
        form=form,
        capacity=room[0],
        capacity_unit=room[1],
        calls=tuple(
            Call(
                seq=seq,
                place=where,
                arrive_min=minute,
                depart_min=minute,
                load=True,
                unload=True,
                cutoff_min=60,
                arrive_high_min=minute + 3 * 1_440 if minute else None,
            )
            for seq, where, minute in calls
        ),
        calendars=(Calendar(weekdays=(1,), local_time=time(8)),),
        **more,
    )


def road_row(from_place, to_place):
    return Road(
        from_place=from_place,
        to_place=to_place,
        form="loose",
        km=100,
        travel_min=90,
        departs_every_min=1_440,
        first_local_time=time(9),
        per="vehicle",
        price=Fraction(1_000),
    )


def change(kind, from_mode, to_mode, forms=("loose", "loose"), source="S1"):
    return Handling(
        place_or_kind=kind,
        from_mode=from_mode,
        to_mode=to_mode,
        from_form=forms[0],
        to_form=forms[1],
        handling_min=0,
        per="vehicle",
        price=Fraction(0),
        source=source,
    )


def freight(service_id, from_place, to_place, per, price, source):
    return Tariff(
        service_id=service_id,
        from_place=from_place,
        to_place=to_place,
        charge="freight",
        per=per,
        price=Fraction(price),
        source=source,
    )


NETWORK = Network(
    places=PLACES,
    services={
        item.id: item
        for item in (
            service(
                "TRAIN",
                "rail",
                "boxed",
                (50, "feu"),
                ((10, "CN-RAIL", 0), (20, "DE-RAIL", 20_160)),
                departure_price=Fraction(100_000),
                module_capacity=10,
                module_price=Fraction(50_000),
                book_by_min=4 * 1_440,
            ),
            service("SHIP", "roro", "loose", (103_050, "ceu"), ((1, "CN-SEA", 0), (2, "DE-YARD", 40_000))),
        )
    },
    tariffs=(
        freight("TRAIN", "CN-RAIL", "DE-RAIL", "feu", 900_001, "S1"),
        freight("SHIP", "CN-SEA", "DE-YARD", "vehicle", 70_000, "S2;estimate: mean"),
    ),
    roads=(
        road_row("CN-PLANT", "CN-RAIL"),
        road_row("DE-RAIL", "DE-YARD"),
        road_row("CN-PLANT", "CN-SEA"),
    ),
    handling=(
        change("plant", "origin", "road"),
        change("rail_terminal", "road", "rail", ("loose", "boxed")),
        change("rail_terminal", "rail", "road", ("boxed", "loose"), "S2"),
        change("compound", "road", "delivery"),
        change("sea_port", "road", "roro"),
        change("compound", "roro", "delivery"),
    ),
    duties=(
        Duty(name="customs", countries=("DE",), hs_code="8703", rate=Fraction(1, 10)),
        Duty(
            name="countervailing",
            countries=("DE",),
            hs_code="870380",
            rate=Fraction(1, 100),
            minimum=Fraction(22_222),
            last_date=date(2027, 4, 1),
        ),
    ),
    sources={
        "S1": Source(id="S1", title="A tariff", grade="A"),
        "S2": Source(id="S2", title="A blog", grade="C"),
    },
    emission_factors=(
        EmissionFactor(emission_class="road", per="vehicle_km", value=Fraction(12), year=2025),
    ),
    vehicle_types={
        "SUV": VehicleType(
            id="SUV",
            name="SUV",
            length_mm=4_500,
            width_mm=1_900,
            height_mm=1_600,
            mass_kg=1_900,
            cbm100=1_368,
            ceu100=121,
            vehicles_per_feu=3,
            hs_code="870380",
            typical_value_cents=Fraction(2_000_000),
        )
    },
    digest="a" * 64,
)
BATCHES = (
    Batch(
        id="B-1",
        shipper="Maker",
        origin="CN-PLANT",
        destination="DE-YARD",
        vehicle_type="SUV",
        vehicles=12,
        ready_min=at(4),
        due_min=at(30),
        late_price=Fraction(500),
        reference="+49 车",
    ),
    Batch(
        id="B-2",
        origin="CN-PLANT",
        destination="DE-YARD",
        vehicle_type="SUV",
        vehicles=3,
        ready_min=at(4),
        due_min=at(8),
    ),
)
TERMS = Terms(carrying_rate=Fraction(1, 3), unplanned_price=Fraction(12_345, 2))
PROBLEM = Problem(network=NETWORK, batches=BATCHES, terms=TERMS)


def handling(start, end, where, mode, forms=("loose", "loose")):
    return Stage(
        kind="handling",
        start_min=start,
        end_min=end,
        from_place=where,
        to_place=where,
        mode=mode,
        from_form=forms[0],
        to_form=forms[1],
    )


def dwell(start, end, where, mode, form):
    return Stage(
        kind="dwell",
        start_min=start,
        end_min=end,
        from_place=where,
        to_place=where,
        mode=mode,
        from_form=form,
        to_form=form,
    )


def road(start, end, from_place, to_place):
    return Stage(
        kind="road",
        start_min=start,
        end_min=end,
        from_place=from_place,
        to_place=to_place,
        mode="road",
        from_form="loose",
        to_form="loose",
    )


def ride(start, end, service_id):
    """From the first call to the last."""
    on = NETWORK.services[service_id]
    board, alight = on.calls
    return Stage(
        kind="ride",
        start_min=start,
        end_min=end,
        from_place=board.place,
        to_place=alight.place,
        mode=on.mode,
        from_form=on.form,
        to_form=on.form,
        service_id=service_id,
        departure_day=DAY,
        board_seq=board.seq,
        alight_seq=alight.seq,
    )


def by_train(vehicles, road_starts):
    return Itinerary(
        part=1,
        vehicles=vehicles,
        box_run=0,
        stages=(
            handling(at(4), at(4), "CN-PLANT", "road"),
            dwell(at(4), road_starts, "CN-PLANT", "road", "loose"),
            road(road_starts, road_starts + 90, "CN-PLANT", "CN-RAIL"),
            handling(road_starts + 90, road_starts + 210, "CN-RAIL", "rail", ("loose", "boxed")),
            dwell(road_starts + 210, at(7, 23), "CN-RAIL", "rail", "boxed"),
            ride(at(7, 23), at(22), "TRAIN"),
            handling(at(22), at(22, 4), "DE-RAIL", "road", ("boxed", "loose")),
            dwell(at(22, 4), at(29, 4), "DE-RAIL", "road", "loose"),
            road(at(29, 4), at(29, 9), "DE-RAIL", "DE-YARD"),
            handling(at(29, 9), at(29, 10, 30), "DE-YARD", "delivery"),
        ),
        lines=(
            CostLine(kind="road", stage=2, label="road CN-PLANT-CN-RAIL", per="vehicle", unit_cents=1_000),
            CostLine(kind="freight", stage=5, label="freight TRAIN", per="box", unit_cents=900_001),
            CostLine(kind="charge", stage=5, label="charge export CN TRAIN", per="part", unit_cents=500),
        ),
        emissions=(
            EmissionLine(stage=2, per="vehicle", unit_grams=1_200),
            EmissionLine(stage=5, per="box", unit_grams=90_000),
        ),
    )


BY_SHIP = Itinerary(
    part=2,
    vehicles=3,
    booked=True,
    emissions=(EmissionLine(stage=5, per="vehicle", unit_grams=300_500),),
    stages=(
        handling(at(4), at(4), "CN-PLANT", "road"),
        dwell(at(4), at(5), "CN-PLANT", "road", "loose"),
        road(at(5), at(6), "CN-PLANT", "CN-SEA"),
        handling(at(6), at(6, 1), "CN-SEA", "roro"),
        dwell(at(6, 1), at(7, 23), "CN-SEA", "roro", "loose"),
        ride(at(7, 23), at(36), "SHIP"),
        handling(at(36), at(36, 2), "DE-YARD", "delivery"),
    ),
    lines=(
        CostLine(kind="freight", stage=5, label="freight SHIP", per="vehicle", unit_cents=70_000),
        CostLine(kind="late", stage=6, label="late delivery", per="vehicle", unit_cents=3_042),
    ),
)
PLAN = Plan(
    objective="cost",
    currency="USD",
    batches=(
        BatchPlan(
            batch_id="B-1",
            itineraries=(by_train(4, at(4, 1)), by_train(3, at(5, 1)), BY_SHIP),
            box_runs=(BoxRun(vehicles=7, boxes=3, box_cents=900_001, box_grams=90_000),),
            part_charges=(PartCharge(part=1, cents=500),),
            shares=(
                DepartureShare(service_id="TRAIN", departure_day=DAY, kind="departure", cents=100_000),
                DepartureShare(service_id="TRAIN", departure_day=DAY, kind="module", cents=50_000),
            ),
            unplanned=Unplanned(
                vehicles=2,
                reason="no_room",
                facts="TRAIN of 8 March is full",
                remedies=(
                    Remedy(
                        kind="slots",
                        amount=1,
                        service_id="TRAIN",
                        departure_day=DAY,
                        text=f"1 more FEU on TRAIN of {DAY}",
                    ),
                    Remedy(kind="mode", amount=1, names=("roro",), is_least=False, text="roro allowed"),
                ),
            ),
            baseline=Baseline(rail_min=21_600, door_min=30_000, cents=345_678),
        ),
        BatchPlan(
            batch_id="B-2",
            unplanned=Unplanned(vehicles=3, reason="too_late", facts="@earliest 29 March", remedies=()),
            baseline=Baseline(reason="no reference ride ends within 1,000 km"),
        ),
    ),
    departures=(
        LegUse(
            service_id="SHIP",
            departure_day=DAY,
            leg=0,
            from_place="CN-SEA",
            to_place="DE-YARD",
            depart_min=at(8),
            used=363,
            capacity=103_050,
            unit_value_cents=0,
        ),
        LegUse(
            service_id="TRAIN",
            departure_day=DAY,
            leg=0,
            from_place="CN-RAIL",
            to_place="DE-RAIL",
            depart_min=at(8),
            used=3,
            capacity=50,
            unit_value_cents=1_234,
        ),
    ),
    days=(
        DayUse(
            from_place="CN-PLANT",
            to_place="CN-RAIL",
            form="loose",
            day=date(2027, 3, 4),
            used=4,
            capacity=4,
            unit_value_cents=99,
        ),
        DayUse(
            from_place="DE-RAIL",
            to_place="DE-RAIL",
            form="boxed",
            day=date(2027, 3, 22),
            used=3,
            capacity=20,
            unit_value_cents=0,
        ),
    ),
    charters=(
        Charter(
            service_id="TRAIN",
            departure_day=DAY,
            modules=1,
            boarded=3,
            departure_cents=100_000,
            module_cents=50_000,
        ),
    ),
    slot_values=(SlotValue(service_id="TRAIN", departure_day=DAY, exact=12_345, low=12_345, high=12_345),),
    cents=3_076_629,
    vehicle_min=123_456,
    grams=1_179_900,
    penalty=30_865,
    value=3_107_494,
    lp_bound=3_050_000,
    bound=3_100_000,
)
BLEND_PLAN = replace(PLAN, objective="blend", blend_cents=4_321, value=PLAN.value + 4_321)
RESULT = Result(
    plan=PLAN, status="FEASIBLE", stopped_by="rounds", seconds={"bound": 0.25}, counts={"rounds": 7}
)
