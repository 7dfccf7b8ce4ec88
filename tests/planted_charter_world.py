"""A second small world, with all that limits days and departures as a whole.

A block train in modules with a least load and a price of its own, and a car carrier with space under
contract; exceptions of single days; places and services shut or slowed; days of places and roads that are
full; charges that take time; emissions; batches that are split, kept whole, kept as booked, or particular
about their way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from fractions import Fraction

from planner.model import (
    Allotment,
    Calendar,
    Call,
    Charge,
    Closure,
    DepartureException,
    EmissionFactor,
    Network,
    Problem,
    Service,
    StorageTier,
    Tariff,
    Terms,
    Throughput,
)
from tests.planted_world import DAY, HOUR, at, batch, handling, place, road, usd, vehicle_type

PLACES = (
    replace(place("WORKS", "plant", "CN", "Asia/Shanghai"), region="east"),
    replace(place("YARD", "rail_terminal", "CN", "Asia/Shanghai"), region="east"),
    replace(place("PIER", "sea_port", "CN", "Asia/Shanghai"), region="east"),
    replace(place("GATE", "border", "UZ", "Asia/Tashkent"), region="steppe"),
    place("CAPE", "passage", "ZA", "Africa/Johannesburg"),
    replace(place("HUB", "rail_terminal", "DE", "Europe/Berlin"), region="europe"),
    replace(place("QUAY", "sea_port", "DE", "Europe/Berlin"), region="europe"),
    replace(place("MARKET", "compound", "DE", "Europe/Berlin"), region="europe"),
)
BLOCK = Service(
    id="BLOCK",
    name="block train",
    mode="rail",
    form="boxed",
    capacity=20,
    capacity_unit="feu",
    departure_price=usd("500.01"),
    module_capacity=3,
    module_price=Fraction(200_001, 2),  # half a cent: rounded up once a module
    min_load=5,
    accepts_dg=True,
    emission_class="train",
    book_by_min=44 * HOUR + 30,  # 3 March 12:30Z less that: 1 March 16:00Z, when today begins
    calls=(
        Call(seq=10, place="YARD", arrive_min=0, depart_min=0, load=True, unload=False, cutoff_min=6 * HOUR),
        # With the half hour of the exception it comes at 00:00 in Tashkent, on 8 March.
        Call(
            seq=20,
            place="GATE",
            arrive_min=4 * DAY + 390,
            depart_min=4 * DAY + 690,
            load=False,
            unload=False,
            km_from_previous=4_000,
            capacity_onward=7,
        ),
        Call(
            seq=30,
            place="HUB",
            arrive_min=14 * DAY,
            depart_min=14 * DAY,
            load=False,
            unload=True,
            release_min=4 * HOUR,
            arrive_low_min=13 * DAY,
            arrive_high_min=14 * DAY + 3 * HOUR,
            km_from_previous=5_000,
        ),
    ),
    calendars=(Calendar(weekdays=(2,), local_time=time(20)),),  # Tuesdays 12:00Z
)
FERRY = Service(
    id="FERRY",
    name="car carrier",
    mode="roro",
    form="loose",
    capacity=12,
    capacity_unit="vehicle",
    accepts_dg=True,
    emission_class="ship",
    book_by_min=2 * DAY,
    calls=(
        Call(seq=1, place="PIER", arrive_min=0, depart_min=0, load=True, unload=False, cutoff_min=DAY),
        Call(
            seq=2,
            place="CAPE",
            arrive_min=20 * DAY,
            depart_min=20 * DAY + 90,
            load=False,
            unload=False,
            km_from_previous=12_000,
        ),
        Call(
            seq=3,
            place="QUAY",
            arrive_min=30 * DAY,
            depart_min=30 * DAY,
            load=False,
            unload=True,
            release_min=12 * HOUR,
            arrive_high_min=30 * DAY + HOUR,
            km_from_previous=11_001,
        ),
    ),
    calendars=(Calendar(weekdays=(6,), local_time=time(18)),),  # Saturdays 10:00Z
    first_date=date(2026, 2, 28),
)
EXCEPTIONS = (
    DepartureException(
        service_id="BLOCK",
        day=date(2026, 3, 3),
        effect="changed",
        capacity=8,
        price_factor=Fraction(11, 10),
        time_shift_min=30,
    ),
    # A Wednesday, an hour before the time of the calendar.
    DepartureException(
        service_id="FERRY",
        day=date(2026, 3, 4),
        effect="added",
        capacity=5,  # four of them the rival's
        price_factor=Fraction(3, 2),
        time_shift_min=-60,
    ),
    DepartureException(service_id="FERRY", day=date(2026, 3, 14), effect="cancelled"),
)
CLOSURES = (
    # The train comes to the gate in the first minute in which it is open again, and is slowed there.
    Closure(what="GATE", first=date(2026, 3, 6), last=date(2026, 3, 8), effect="closed"),
    Closure(what="GATE", first=date(2026, 3, 8), last=date(2026, 3, 9), effect="extra_h", value=Fraction(90)),
    Closure(
        what="BLOCK",
        first=date(2026, 3, 3),
        last=date(2026, 3, 4),
        effect="capacity_factor",
        value=Fraction(3, 4),  # 8 -> 6, and 7 -> 5.25 onward from the gate
    ),
    Closure(
        what="FERRY", first=date(2026, 3, 7), last=date(2026, 3, 8), effect="extra_h", value=Fraction(10)
    ),
    Closure(what="CAPE", first=date(2026, 3, 1), last=date(2026, 5, 1), effect="closed", spares=("FERRY",)),
    Closure(
        what="QUAY", first=date(2026, 3, 1), last=date(2026, 5, 1), effect="closed", spares=("roro", "road")
    ),
    Closure(
        what="HUB",
        first=date(2026, 3, 17),
        last=date(2026, 3, 18),
        effect="capacity_factor",
        value=Fraction(1, 2),
    ),
)
THROUGHPUT = (
    Throughput(place="HUB", form="boxed", units_per_day=11, weekdays=(2,)),  # half of it: 5.5
    Throughput(place="MARKET", form="boxed", units_per_day=3),
    Throughput(place="WORKS", form="boxed", units_per_day=3),
    Throughput(place="WORKS", form="loose", units_per_day=13),
)
ALLOTMENTS = (
    Allotment(service_id="FERRY", shipper="rival", units=4),
    # 7 March 10:10Z less that is 1 March 16:00Z, when today begins: just open to all.
    Allotment(service_id="FERRY", shipper="partner", units=5, release_min=5 * DAY + 18 * HOUR + 10),
)
TARIFFS = (
    Tariff(
        service_id="BLOCK",
        from_place="YARD",
        to_place="HUB",
        charge="freight",
        per="feu",
        price=usd("7000"),
        last_date=date(2026, 3, 3),
    ),
    Tariff(
        service_id="BLOCK",
        from_place="YARD",
        to_place="HUB",
        charge="freight",
        per="feu",
        price=usd("7000.01"),
        first_date=date(2026, 3, 4),
    ),
    Tariff(
        service_id="FERRY",
        from_place="PIER",
        to_place="QUAY",
        charge="freight",
        per="ceu",
        price=usd("900"),
        minimum=usd("1200"),
    ),
    Tariff(
        service_id="FERRY",
        from_place="PIER",
        to_place="QUAY",
        charge="surcharge",
        per="vehicle",
        price=usd("40"),
        first_date=date(2026, 3, 7),
        last_date=date(2026, 3, 7),
    ),
)
CHARGES = (
    Charge(place_or_country="CN", when="export", per="vehicle", price=usd("18"), handling_min=15),
    Charge(place_or_country="PIER", when="load", mode="roro", per="vehicle", price=usd("0"), handling_min=20),
    Charge(place_or_country="DE", when="import", per="value", price=Fraction(1, 10), handling_min=45),
    Charge(place_or_country="UZ", when="pass", per="vehicle", price=usd("9"), handling_min=500),
    # Once for each part, whoever of it is kept: 12.345 is 12.35.
    Charge(place_or_country="GATE", when="pass", mode="rail", per="part", price=usd("12.345")),
    Charge(place_or_country="CN", when="export", mode="roro", per="part", price=usd("75")),
)
ROADS = (
    replace(road("WORKS>YARD loose", 6 * HOUR, 3 * HOUR, "60/vehicle"), vehicles_per_day=4),
    replace(road("WORKS>YARD boxed", 6 * HOUR, 3 * HOUR, "150/feu"), vehicles_per_day=6),
    road("WORKS>PIER loose", 6 * HOUR, 10 * HOUR, "210/vehicle", first="00:00"),
    road("HUB>MARKET loose", DAY, 4 * HOUR, "140/vehicle", first="08:00"),
    road("HUB>MARKET boxed", DAY, 4 * HOUR, "400/feu", first="08:00"),
    road("QUAY>MARKET loose", DAY, 5 * HOUR, "160/vehicle", first="08:00"),
)
HANDLING = (
    handling("plant", "origin> loose>loose", 60, "4/vehicle"),
    handling("plant", "origin> boxed>boxed", 60, "11/feu"),
    handling("PIER", "road>roro loose>loose", 120, "25/vehicle"),
    handling("rail_terminal", "road>rail loose>boxed", 240, "300/feu"),
    handling("rail_terminal", "road>rail boxed>boxed", 120, "45/feu"),
    handling("rail_terminal", "rail>road boxed>loose", 300, "220/feu"),
    handling("rail_terminal", "rail>road boxed>boxed", 60, "45/feu"),
    handling("QUAY", "roro>road loose>loose", 180, "30/vehicle"),
    handling("compound", "road>delivery loose>loose", 30, "6/vehicle"),
    handling("compound", "road>delivery boxed>boxed", 0, "0/vehicle"),
)
FACTORS = tuple(
    EmissionFactor(emission_class=name, region=region, per=per, value=Fraction(value), year=year)
    for name, region, per, value, year in (
        ("train", "", "feu_km", "41", 2024),
        ("train", "", "feu_km", "50", 2020),
        ("train", "steppe", "feu_km", "60", 2019),
        ("train", "", "vehicle_km", "1000", 2024),  # not where a box has its own
        ("ship", "", "ceu_km", "61/2", 2024),
        ("road", "", "tkm", "62", 2024),
        ("road", "europe", "feu_km", "900", 2024),
    )
)
TYPES = (
    vehicle_type("SUV", ceu100=130, vehicles_per_feu=3, un_number="3556", typical_value_cents=usd("24000")),
    vehicle_type("VAN", ceu100=140, vehicles_per_feu=0, typical_value_cents=usd("31000")),
    vehicle_type("KIT", ceu100=100, vehicles_per_feu=2, loose_allowed=False, typical_value_cents=usd("9000")),
)
BATCHES = (
    batch("pack", "KIT", 6, "04-20 22:00", modes=("rail",), via=("GATE", "YARD"), not_via=("ZA", "FERRY")),
    batch(
        "mix", "SUV", 8, "04-20 22:00", max_parts=2, min_part=3, unplanned_price=usd("2500"), not_via=("BY",)
    ),
    replace(
        batch(
            "whole",
            "VAN",
            5,
            "04-20 22:00",
            max_parts=1,
            all_or_none=True,
            not_modes=("rail", "barge"),
            via=("CAPE",),
            not_via=("UZ", "BLOCK"),
        ),
        shipper="rival",
    ),
    replace(batch("early", "VAN", 2, "04-20 22:00"), ready_min=at("02-24 16:00")),
)
TERMS = Terms(
    objective="blend",
    day_value=usd("3"),
    carbon_price=usd("80"),
    times="high",
    today=date(2026, 3, 2),
)


def charter_problem() -> Problem:
    """The world and its four batches; what is kept is added with the plan."""
    return Problem(
        network=Network(
            places={place.id: place for place in PLACES},
            services={service.id: service for service in (BLOCK, FERRY)},
            tariffs=TARIFFS,
            charges=CHARGES,
            roads=ROADS,
            handling=HANDLING,
            storage=(StorageTier(place_or_kind="PIER", per="vehicle", price_per_day=usd("1")),),
            exceptions=EXCEPTIONS,
            throughput=THROUGHPUT,
            allotments=ALLOTMENTS,
            closures=CLOSURES,
            emission_factors=FACTORS,
            vehicle_types={vehicle_type.id: vehicle_type for vehicle_type in TYPES},
        ),
        batches=BATCHES,
        terms=TERMS,
    )
