"""A small world: a works, a railhead and a port in China, a train and a ship to Germany, four batches."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from fractions import Fraction

from planner.clock import to_minutes
from planner.model import (
    Batch,
    Calendar,
    Call,
    Charge,
    Handling,
    Network,
    Place,
    Problem,
    Road,
    Service,
    StorageTier,
    Tariff,
    VehicleType,
)

HOUR, DAY = 60, 1_440


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
