"""Random tiny worlds: few places and services, but every rule of the model, and too little room.

Equal seeds give equal worlds. A plain world has what nearly every world has: tariffs, charges, roads,
handling, storage; the further rules are drawn into it one by one (:mod:`tests.world_rules`). Places stand in
four tiers, plants, near hubs, far hubs, markets; services and roads lead onwards, a few lead back. In some
worlds waiting is dear but for a yard that only leads back to its hub: there a circle would pay if it were
allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from planner.model import (
    Batch,
    BatchId,
    Calendar,
    Call,
    Charge,
    Handling,
    Network,
    Place,
    PlaceId,
    Problem,
    Road,
    Service,
    ServiceId,
    StorageTier,
    Tariff,
    Terms,
    VehicleType,
    VehicleTypeId,
)
from tests.world_rules import NOT_LINEAR, RULES, rules_of, with_rules, without

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["RULES", "plain_world", "random_world", "rules_of", "vehicle_linear_world", "without"]

HOUR = 60
DAY = 24 * HOUR
HUB_KINDS = ("rail_terminal", "river_port", "sea_port")
KINDS = (("plant",), HUB_KINDS, ("rail_terminal", "sea_port"), ("compound",))
CLOCKS = (("CN", "Asia/Shanghai"), ("CN", "Asia/Shanghai"), ("DE", "Europe/Berlin"), ("DE", "Europe/Berlin"))
ELSEWHERE = (
    ("KZ", "Asia/Almaty", "border"),
    ("PL", "Europe/Warsaw", "border"),
    ("EG", "Africa/Cairo", "passage"),
)
STARTS = (date(2025, 3, 24), date(2025, 5, 12), date(2025, 10, 20))
"""Mondays; the first and the last week end with a change of the clocks in Europe."""

TYPES = (
    VehicleType(
        id=VehicleTypeId("suv"),
        name="SUV",
        length_mm=4_800,
        width_mm=1_900,
        height_mm=1_700,
        mass_kg=2_150,
        cbm100=1_551,
        ceu100=127,
        vehicles_per_feu=3,
        un_number="UN3556",
        typical_value_cents=Fraction(31_000_00),
    ),
    VehicleType(
        id=VehicleTypeId("small"),
        name="small car",
        length_mm=3_800,
        width_mm=1_700,
        height_mm=1_550,
        mass_kg=1_130,
        cbm100=1_001,
        ceu100=84,
        vehicles_per_feu=4,
        typical_value_cents=Fraction(12_000_00, 7),
    ),
    VehicleType(
        id=VehicleTypeId("van"),
        name="van",
        length_mm=5_900,
        width_mm=2_050,
        height_mm=2_500,
        mass_kg=2_480,
        cbm100=3_024,
        ceu100=205,
        vehicles_per_feu=2,
        typical_value_cents=Fraction(40_000_00),
    ),
    VehicleType(
        id=VehicleTypeId("truck"),
        name="truck",
        length_mm=8_500,
        width_mm=2_500,
        height_mm=3_300,
        mass_kg=7_777,
        cbm100=7_013,
        ceu100=433,
        vehicles_per_feu=0,
        typical_value_cents=Fraction(70_000_00),
    ),
    VehicleType(
        id=VehicleTypeId("limousine"),
        name="limousine",
        length_mm=5_400,
        width_mm=1_990,
        height_mm=1_500,
        mass_kg=2_300,
        cbm100=1_612,
        ceu100=130,
        vehicles_per_feu=1,
        un_number="UN3556",
        typical_value_cents=Fraction(90_000_00),
    ),
    VehicleType(
        id=VehicleTypeId("kit"),
        name="box of parts",
        unit_name="pallet",
        length_mm=2_900,
        width_mm=2_200,
        height_mm=2_400,
        mass_kg=1_333,
        cbm100=1_500,
        ceu100=100,
        vehicles_per_feu=4,
        loose_allowed=False,
        typical_value_cents=Fraction(9_000_00),
    ),
)


@dataclass
class _World:
    """Rows as they are drawn."""

    rng: Random
    start: date
    loose_only: bool = False
    yard: Place | None = None
    tiers: list[list[Place]] = field(default_factory=list)
    borders: list[Place] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    tariffs: list[Tariff] = field(default_factory=list)
    roads: list[Road] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def usd(self, low: int, high: int) -> Fraction:
        """A price in cents as it comes out of a currency conversion: seldom whole."""
        cents = self.rng.randrange(low * 100, high * 100 + 1)
        return Fraction(cents) if self.chance(0.6) else Fraction(cents * 100, self.rng.choice((93, 107, 718)))

    def hours(self, low: int, high: int, step: int = 1) -> int:
        return HOUR * self.rng.randrange(low, high + 1, step)

    def some_form(self) -> str:
        return "loose" if self.loose_only or self.chance(0.5) else "boxed"


def random_world(seed: int, rules: Collection[str] = RULES) -> Problem:
    """Tiny world with every rule of the model drawn from chance.

    Parameters
    ----------
    rules
        Rules that may be drawn into the plain world, each by a coin of its own that the others do not move;
        with none it is the plain world.
    """
    return drawn(seed, tuple(rules))


@cache
def drawn(seed: int, rules: tuple[str, ...]) -> Problem:
    """World of a seed, drawn once: many tests ask for the same."""
    world = _World(rng=Random(seed), start=Random(seed).choice(STARTS))
    return with_rules(_build(world), seed, world.start, rules)


def plain_world(seed: int) -> Problem:
    """Tiny world with what nearly every world has: legs with limited room, boxes, dwell, due dates, prices.

    For what takes one step alone and knows no charters, parts, days or space under contract.
    """
    return random_world(seed, ())


def vehicle_linear_world(seed: int, rules: Collection[str] = RULES) -> Problem:
    """Tiny world without boxes, in which no way can lead to a place twice.

    All cargo is loose, so that cost and room are linear in vehicles; places have one order and every service
    and road leads forwards in it, so that an arc formulation needs no rule against circles. Rules that are
    not linear in vehicles are never drawn.
    """
    world = _World(rng=Random(seed), start=Random(seed).choice(STARTS), loose_only=True)
    return with_rules(_build(world), seed, world.start, set(rules) - set(NOT_LINEAR))


def _build(world: _World) -> Problem:
    _draw_places(world)
    _draw_services(world)
    _draw_roads(world)
    places = [place for tier in world.tiers for place in tier] + world.borders
    places += [world.yard] if world.yard else []
    network = Network(
        places={place.id: place for place in places},
        services={service.id: service for service in world.services},
        tariffs=tuple(world.tariffs),
        charges=tuple(_draw_charges(world)),
        roads=tuple(world.roads),
        handling=tuple(_draw_handling(world)),
        storage=tuple(_draw_storage(world)),
        vehicle_types={kind.id: kind for kind in TYPES},
    )
    rng = world.rng
    terms = Terms(
        objective="time" if world.chance(0.2) else "cost",
        carrying_rate=Fraction(rng.choice((0, 8, 8, 13)), 100),
        unplanned_price=world.usd(6_000, 14_000),
        unplanned_min=rng.choice((30, 60, 1_000)) * DAY,
        max_late_min=rng.choice((1, 2, 4)) * DAY,
    )
    return Problem(network=network, batches=tuple(_draw_batches(world)), terms=terms)


def _draw_places(world: _World) -> None:
    rng = world.rng
    num_near = rng.randint(1, 2)
    num_far = 1 if num_near == 2 else 1 + world.chance(0.4)
    for tier, size in enumerate((1 + world.chance(0.4), num_near, num_far, rng.randint(1, 3))):
        country, clock = CLOCKS[tier]
        names = [f"{('plant', 'near', 'far', 'market')[tier]}-{number}" for number in range(size)]
        here = ["PL" if tier >= 2 and world.chance(0.25) else country for _ in names]
        row = [
            _place(name, rng.choice(KINDS[tier]), land, clock) for name, land in zip(names, here, strict=True)
        ]
        world.tiers.append(row)
    if not world.loose_only and world.chance(0.25):
        world.yard = replace(world.tiers[1][0], id=PlaceId("yard-0"), name="yard")
    for country, clock, kind in rng.sample(ELSEWHERE, rng.randint(1, 2)):
        world.borders.append(_place(f"{kind}-{country}", kind, country, clock))


def _place(name: str, kind: str, country: str, clock: str) -> Place:
    return Place(id=PlaceId(name), name=name, kind=kind, country=country, lat=45.0, lon=60.0, time_zone=clock)


def _draw_services(world: _World) -> None:
    rng = world.rng
    for number in range(rng.randint(3, 7)):
        backbone = number < 3
        # most lines cross from a near hub (some from a plant) to a far one (some to a market)
        first = 0 if world.chance(0.25) else 1
        last = 3 if world.chance(0.25) else 2
        if not backbone and world.chance(0.4):
            first, last = rng.choice(((0, 1), (1, 1), (2, 3), (2, 2)))
        stops = [rng.choice(world.tiers[first])]
        if first < 1 < last and world.chance(0.3):
            stops.append(rng.choice(world.tiers[1]))
        between = rng.sample(world.borders, rng.randint(0, len(world.borders))) if first < 2 <= last else []
        stops += between
        if first < 2 < last and world.chance(0.4):
            stops.append(rng.choice(world.tiers[2]))
        ends = [place for place in world.tiers[last] if place not in stops]
        if not ends:
            continue
        stops.append(rng.choice(ends))
        if first == last and stops[0].id > stops[-1].id and world.loose_only:
            stops.reverse()
        _draw_service(world, number, stops, long=first < 2 <= last, open_to_all=backbone)


def _draw_service(world: _World, number: int, stops: list[Place], *, long: bool, open_to_all: bool) -> None:
    rng = world.rng
    picky = not open_to_all
    mode = rng.choice(("rail", "rail", "container_ship", "roro", "barge") if long else ("barge", "truck"))
    form = {"rail": "boxed", "container_ship": "boxed", "roro": "loose"}.get(mode) or world.some_form()
    if world.loose_only:
        form = "loose"
    unit = "feu" if form == "boxed" else rng.choice(("vehicle", "ceu", "ceu", "cbm"))
    per_unit = {"feu": 1, "vehicle": 1, "ceu": 127, "cbm": 1_500}[unit]
    room = rng.randint(1, 5) if form == "boxed" else rng.randint(2, 11) * per_unit + rng.randrange(per_unit)
    service_id = ServiceId(f"{mode}-{number}")
    calls: list[Call] = []
    clock = 0
    for seq, place in enumerate(stops):
        arrive = clock
        last_stop = seq == len(stops) - 1
        stay = 0 if seq == 0 or last_stop else world.hours(1, 30)
        passing = place in world.borders
        calls.append(
            Call(
                seq=seq + 1,
                place=place.id,
                arrive_min=arrive,
                depart_min=arrive + stay,
                load=seq == 0 or (not passing and not last_stop and world.chance(0.7)),
                unload=last_stop or (not passing and seq > 0 and world.chance(0.7)),
                cutoff_min=world.hours(0, 24, 6),
                release_min=world.hours(0, 12, 4),
                capacity_onward=rng.randint(1, room) if not last_stop and world.chance(0.15) else None,
            )
        )
        clock = arrive + stay + world.hours(10, 60 if long else 30)
    weekdays = tuple(sorted(rng.sample(range(1, 8), rng.randint(1, 2 if long else 3))))
    last = world.start + timedelta(days=7 * rng.randint(2, 3))
    calendars = [
        Calendar(
            weekdays=weekdays,
            every_weeks=2 if world.chance(0.15) else 1,
            anchor_date=world.start + timedelta(days=rng.randint(-20, 20)),
            local_time=time(rng.randrange(24), rng.choice((0, 30, 45))),
            first_date=world.start + timedelta(days=rng.randint(0, 6)) if world.chance(0.3) else None,
            last_date=last,
        )
    ]
    if world.chance(0.15):  # a second calendar may name days of the first again: still one departure
        calendars.append(replace(calendars[0], weekdays=(rng.randint(1, 7),)))
    world.services.append(
        Service(
            id=service_id,
            name=f"{mode} {number}",
            mode=mode,
            form=form,
            capacity=None if world.chance(0.08) else room,
            capacity_unit=unit,
            bookable=not (picky and world.chance(0.1)),
            shippers=("Alpha",) if world.chance(0.4 if picky else 0.25) else (),
            accepts_dg=world.chance(0.5 if picky else 0.75),
            max_height_mm=2_300 if world.chance(0.2) else None,
            max_length_mm=5_200 if world.chance(0.25 if picky else 0.1) else None,
            max_mass_kg=2_200 if world.chance(0.25 if picky else 0.1) else None,
            first_date=world.start + timedelta(days=3) if world.chance(0.1) else None,
            last_date=last - timedelta(days=2) if world.chance(0.1) else None,
            calls=tuple(calls),
            calendars=tuple(calendars),
        )
    )
    _draw_tariffs(world, service_id, form, calls, long=long)


def _draw_tariffs(world: _World, service_id: ServiceId, form: str, calls: list[Call], *, long: bool) -> None:
    rng = world.rng
    low, high = (600, 2_400) if long else (60, 400)
    for i, board in enumerate(calls):
        for alight in calls[i + 1 :]:
            if not (board.load and alight.unload) or world.chance(0.04):
                continue
            ends = {"service_id": service_id, "from_place": board.place, "to_place": alight.place}
            if form == "boxed" and world.chance(0.8):
                per, price = "feu", world.usd(2 * low, 2 * high)
            else:
                per = rng.choice(("vehicle", "ceu", "cbm", "tonne", "value"))
                measure = {"vehicle": 1, "ceu": 1, "cbm": 15, "tonne": 2, "value": 30_000_00}[per]
                price = world.usd(low, high) / measure
            minimum = world.usd(low, 2 * high if per == "feu" else high) if world.chance(0.35) else None
            if world.chance(0.15):  # one price for dangerous goods or a class, one for each other class
                classes = {kind.id: price * Fraction(rng.randint(70, 140), 100) for kind in TYPES}
            else:
                classes = {"all": price}
            world.tariffs += [
                Tariff(**ends, charge="freight", applies_to=name, per=per, price=own, minimum=minimum)
                for name, own in classes.items()
            ]
            if world.chance(0.3):
                extra = rng.choice(("box_hire", "surcharge", "insurance"))
                own_per = {"box_hire": "feu", "insurance": "value"}.get(extra, "vehicle")
                if own_per == "feu" and form == "loose":
                    extra, own_per = "surcharge", "vehicle"
                own = Fraction(rng.randint(1, 9), 1_000) if own_per == "value" else world.usd(10, 150)
                applies = rng.choice(("all", "dg", "suv"))
                world.tariffs.append(Tariff(**ends, charge=extra, applies_to=applies, per=own_per, price=own))


def _draw_roads(world: _World) -> None:
    pairs = [(a, b) for t in (0, 2) for a in world.tiers[t] for b in world.tiers[t + 1]]
    sideways = [(a, b) for a in world.tiers[1] for b in world.tiers[1] if a.id < b.id and world.chance(0.5)]
    # one road back makes circles; with more of them the ways grow beyond counting
    circles = not world.loose_only and world.chance(0.6)
    back = [world.rng.choice(pairs + sideways)[::-1]] if circles else []
    for start, end in pairs:
        for form in ("loose",) if world.loose_only else ("loose", "boxed"):
            if world.chance(0.9 if form == "loose" else 0.7):
                _draw_road(world, start, end, form)
    for start, end in sideways + back:
        _draw_road(world, start, end, world.some_form())
    if world.yard:
        for form in ("loose", "boxed"):
            for start, end in ((world.tiers[1][0], world.yard), (world.yard, world.tiers[1][0])):
                _draw_road(world, start, end, form)
    if world.chance(0.95):  # the dear way that is always open
        for start in world.tiers[0]:
            for end in world.tiers[3]:
                for form in ("loose",) if world.loose_only else ("loose", "boxed"):
                    _draw_road(world, start, end, form, far=True)


def _draw_road(world: _World, start: Place, end: Place, form: str, *, far: bool = False) -> None:
    world.roads.append(
        Road(
            from_place=start.id,
            to_place=end.id,
            form=form,
            km=world.rng.randint(20, 900),
            travel_min=world.hours(100, 190) if far else world.hours(2, 30),
            departs_every_min=world.rng.choice((1_440, 1_440, 1_440, 2_160, 720, 990)),
            first_local_time=time(world.rng.randrange(24), world.rng.choice((0, 15))),
            per="feu" if form == "boxed" and world.chance(0.7) else "vehicle",
            price=world.usd(2_400, 4_500) if far else world.usd(20, 300),
        )
    )


def _draw_handling(world: _World) -> list[Handling]:
    rows: list[Handling] = []
    hubs = [place for tier in world.tiers for place in tier]
    kinds = sorted({place.kind for place in hubs})
    both = ("loose",) if world.loose_only else ("loose", "boxed")
    forms = [(before, after) for before in both for after in both]
    for kind in kinds:
        for from_mode, to_mode in (("origin", ""), ("", ""), ("", "delivery")):
            for from_form, to_form in forms:
                if not world.chance(0.02 if from_form == to_form else 0.1):
                    rows.append(_handling(world, kind, (from_mode, to_mode), (from_form, to_form)))
    for place in hubs:
        if world.chance(0.25):
            modes = world.rng.choice((("", ""), ("rail", ""), ("", "rail"), ("road", ""), ("origin", "road")))
            pair = world.rng.choice(forms)
            rows.append(_handling(world, place.id, modes, pair))
            if world.chance(0.3) and modes[0] == "rail":  # names two modes: beats the row that names one
                rows.append(_handling(world, place.id, ("rail", "road"), pair))
    return rows


def _handling(world: _World, where: str, modes: tuple[str, str], forms: tuple[str, str]) -> Handling:
    changes = forms[0] != forms[1]
    return Handling(
        place_or_kind=where,
        from_mode=modes[0],
        to_mode=modes[1],
        from_form=forms[0],
        to_form=forms[1],
        handling_min=world.rng.choice((0, 2, 6, 12, 24) if changes else (0, 0, 2, 5, 12)) * HOUR,
        per="feu" if "boxed" in forms and world.chance(0.5) else "vehicle",
        price=world.usd(20, 200) if changes else world.usd(0, 60),
    )


def _draw_storage(world: _World) -> list[StorageTier]:
    rows: list[StorageTier] = []
    hubs = [place for tier in world.tiers[:3] for place in tier]
    wheres = sorted({place.kind for place in hubs if world.chance(0.6)})
    wheres += [place.id for place in hubs if world.chance(0.3)]
    for where in wheres:
        forms = world.rng.choice((("",), ("loose",), ("loose", "boxed")))
        for form in forms:
            units = ("feu", "teu") if form == "boxed" else ("vehicle", "cbm")
            free = world.rng.choice((0, 0, 12, 24, 48)) * HOUR
            for number in range(world.rng.randint(1, 3)):
                per = world.rng.choice(units)
                price = world.usd(2, 60) if number else world.usd(0, 25)
                rows.append(
                    StorageTier(
                        place_or_kind=where,
                        form=form,
                        from_min=free + number * world.rng.choice((24, 36, 60)) * HOUR,
                        per=per,
                        price_per_day=price / (15 if per == "cbm" else 1),
                        once=world.usd(5, 80) if world.chance(0.25) else Fraction(0),
                        max_dwell_min=world.hours(36, 168, 12) if world.chance(0.2) else None,
                    )
                )
    if world.yard:
        dear_places = [*world.tiers[0], world.tiers[1][0]]
        rows = [row for row in rows if row.place_or_kind not in [place.id for place in dear_places]]
        for place in dear_places:
            dear = world.usd(100, 300)
            rows.append(StorageTier(place_or_kind=place.id, from_min=DAY, per="vehicle", price_per_day=dear))
    # two tiers of one place and form may not start together
    unique = {(row.place_or_kind, row.form, row.from_min): row for row in rows}
    return list(unique.values())


def _draw_charges(world: _World) -> list[Charge]:
    rng = world.rng
    near, far = world.tiers[0] + world.tiers[1], world.tiers[2] + world.tiers[3]
    hubs = near + far
    rows = []
    for when in ("load", "unload", "pass", "import", "export"):
        for _ in range(rng.choice((0, 1, 1, 2))):
            where = rng.choice({"pass": world.borders, "export": near, "import": far}.get(when, hubs))
            form = "" if world.loose_only else rng.choice(("", "loose", "boxed"))
            per = rng.choice(("vehicle", "vehicle", "value"))
            if form == "boxed" and world.chance(0.6):
                per = "feu"
            rows.append(
                Charge(
                    place_or_country=where.country if world.chance(0.5) else where.id,
                    when=when,
                    mode=rng.choice(("", "", "rail", "road", "roro")),
                    form=form,
                    applies_to=rng.choice(("all", "all", "dg", "van")),
                    per=per,
                    price=Fraction(rng.randint(1, 30), 1_000) if per == "value" else world.usd(5, 120),
                )
            )
    return rows


def _draw_batches(world: _World) -> list[Batch]:
    rng = world.rng
    batches = []
    types = [kind for kind in TYPES if kind.loose_allowed] if world.loose_only else list(TYPES)
    popular = rng.sample(types, 2)
    for number in range(rng.randint(3, 6)):
        kind = rng.choice(popular) if world.chance(0.75) else rng.choice(types)
        ready = datetime(world.start.year, world.start.month, world.start.day, tzinfo=UTC) + timedelta(
            minutes=rng.randrange(0, 4 * DAY, 15)
        )
        ready_min = int(ready.timestamp()) // 60
        priority = rng.choice((0, 0, 0, 1, 3))
        batches.append(
            Batch(
                id=BatchId(f"batch-{number}"),
                shipper=rng.choice(("Alpha", "Beta")),
                origin=rng.choice(world.tiers[0]).id,
                destination=rng.choice(world.tiers[3]).id,
                vehicle_type=kind.id,
                vehicles=rng.randint(1, 12),
                ready_min=ready_min,
                due_min=ready_min + rng.randint(10, 18) * DAY,
                early_price=world.usd(1, 30) if world.chance(0.3) else Fraction(0),
                late_price=world.usd(20, 200) if world.chance(0.4) else None,
                unplanned_price=world.usd(3_000, 10_000) if world.chance(0.15) else None,
                priority=priority,
                value_per_vehicle=world.usd(8_000, 50_000) if world.chance(0.3) else None,
            )
        )
    return batches
