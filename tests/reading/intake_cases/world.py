"""The network that the files of the catalogue are read against."""

from __future__ import annotations

from functools import cache

from planner.model import Call, Network, Place, Service, VehicleType
from tests.reading.intake_cases.makers import utc


def place(place_id, name, country, zone, **more):
    return Place(id=place_id, name=name, kind="plant", country=country, lat=0, lon=0, time_zone=zone, **more)


@cache
def intake_network() -> Network:
    """The network that the files of the catalogue are for."""
    places = (
        place("CN-PLANT", "Great plant", "CN", "Asia/Shanghai", name_zh="大工厂", aliases=("Works",)),
        place("CN-NORTH", "North plant", "CN", "Asia/Shanghai", aliases=("Works",)),
        place("CN-PORT", "Port（east）", "CN", "Asia/Shanghai"),
        place("RU-GATE", "Gate", "RU", "Europe/Moscow"),
        place("DE-YARD", "Yard", "DE", "Europe/Berlin", aliases=("Köln",)),
        place("LB-YARD", "Beirut", "LB", "Asia/Beirut"),
        place("PL-HUB", "Hub", "PL", "Europe/Warsaw"),
        place("PL-EAST", "East", "PL", "Europe/Warsaw"),
    )
    calls = tuple(
        Call(seq=at, place=name, arrive_min=at, depart_min=at, load=True, unload=True)
        for at, name in enumerate(("CN-PLANT", "DE-YARD"))
    )
    trains = [
        Service(
            id=name,
            name="Block train",
            mode="rail",
            form="boxed",
            capacity_unit="feu",
            calls=calls,
            calendars=(),
        )
        for name in ("TRAIN", "TRAIN-2")
    ]
    suv = VehicleType(
        id="SUV",
        name="SUV",
        length_mm=1,
        width_mm=1,
        height_mm=1,
        mass_kg=1,
        cbm100=1,
        ceu100=1,
        vehicles_per_feu=3,
    )
    return Network(
        places={item.id: item for item in places},
        services={item.id: item for item in trains},
        tariffs=(),
        handling=(),
        vehicle_types={"SUV": suv, "007": suv},
        timetable_end_min=utc(2028, 12, 31, 16),
    )
