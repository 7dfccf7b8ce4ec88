"""Random tiny worlds in which everything that can be limited, bought, shut or wished for may be met."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.tiny import tiny

if TYPE_CHECKING:
    from planner.model import Problem

PLACES = """
    place plant kind=plant country=CN zone=Asia/Shanghai region=CN
    place hub kind=rail_terminal country=CN zone=Asia/Shanghai region=CN
    place border kind=border country=KZ zone=Asia/Almaty region=KZ
    place port kind=sea_port country=DE zone=Europe/Berlin region=EU
    place market kind=compound country=DE zone=Europe/Berlin region=EU
    type car ceu=1.27 mass=1600 per_box=3 value=2000000
    type kit loose=no per_box=2 value=900000
    type van per_box=0 ceu=2.5 un=UN3556
"""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
SERVICES = ("rail", "barge", "roro", "truck")
ALL = ("limits", "charters", "changes", "wishes", "grams", "prices", "today")


def whole_world(seed: int, features: tuple[str, ...] = ALL) -> Problem:
    """A world of a seed; each of the features is in it, or not, by chance."""
    rng = Random(seed)
    has = {feature: rng.random() < 0.6 for feature in ALL}
    on = {feature for feature in features if has[feature]}
    lines = [PLACES, *_services(rng, on), *_roads(rng, on)]
    for feature, draw in (("limits", _limits), ("changes", _changes), ("grams", _grams), ("prices", _prices)):
        drawn = draw(rng)
        lines += drawn if feature in on else []
    lines += [_batch(rng, on) for _ in range(rng.randint(2, 4))]
    lines.append(_terms(rng, on))
    return tiny("\n".join(lines))


def _maybe(rng: Random, text: str, share: float = 0.5) -> str:
    drawn = rng.random()
    return text if drawn < share else ""


def _services(rng: Random, on: set[str]) -> list[str]:
    calls = {
        "rail": "plant -> hub@6-9* -> border@30-33 -> port@60",
        "barge": "plant -> hub@20-22* -> port@70",
        "roro": "hub -> port@45",
        "truck": "port -> market@9",
    }
    lines = []
    for name, route in calls.items():
        form = rng.choice(("boxed", "loose", "boxed")) if name in ("rail", "roro") else "loose"
        unit = rng.choice(("ceu", "vehicle")) if form == "loose" else "feu"
        days = DAYS[2:] if name == "truck" else DAYS[:3]
        leaves = ",".join(rng.sample(days, rng.randint(1, 3)))
        at, has_dg = rng.choice(("06:00", "14:00")), rng.choice(("yes", "yes", "no"))
        room = _maybe(rng, f"room={rng.randint(2, 8)}", 0.6)
        bought = _bought(rng, unit)
        km = ",".join(["100"] * route.count("->"))
        price = rng.randrange(200, 2_000, 10)
        lines.append(
            f"service {name} {route} form={form} unit={unit} leaves={leaves} at={at} "
            f"until=2 cutoff={rng.choice((0, 3))} release={rng.choice((0, 2))} dg={has_dg} "
            f"class=ship km={km} price={price} {room} {bought if 'charters' in on else ''} "
            f"{_maybe(rng, 'book_by=30', 0.3)}"
        )
    return lines


def _bought(rng: Random, unit: str) -> str:
    words = [
        f"departure={rng.randrange(0, 3_000, 50)}",
        f"module={rng.randint(1, 4)} module_price={rng.randrange(0, 1_500, 50)}",
        f"min_load={rng.randint(2, 5 if unit != 'ceu' else 7)}",
    ]
    return " ".join(rng.sample(words, rng.randint(0, 3)))


def _roads(rng: Random, on: set[str]) -> list[str]:
    lines = []
    for ends, form in (("plant -> hub", "loose"), ("hub -> port", "loose"), ("port -> market", "boxed")):
        hours = 100 if ends == "hub -> port" else 7
        limit = _maybe(rng, f"per_day={rng.randint(1, 5)}")
        lines.append(
            f"road {ends} hours={hours} every={rng.choice((12, 24))} form={form} "
            f"km=50 price={rng.randrange(50, 900)} {limit if 'limits' in on else ''}"
        )
    return lines


def _limits(rng: Random) -> list[str]:
    lines = []
    ends = ("plant loose", "plant boxed", "hub loose", "port boxed", "port loose", "market loose")
    for end in ends:
        days = _maybe(rng, "weekdays=Mon,Tue,Wed,Thu,Fri,Sat", 0.3)
        lines.append(_maybe(rng, f"throughput {end} {rng.randint(2, 9)} {days}", 0.4))
    for shipper in ("Alpha", "Beta"):
        for service in rng.sample(SERVICES, 2):
            release = _maybe(rng, f"release={rng.choice((12, 40, 80))}")
            lines.append(_maybe(rng, f"allotment {service} {shipper} {rng.randint(1, 3)} {release}"))
    return lines


def _changes(rng: Random) -> list[str]:
    lines = []
    for service in rng.sample(SERVICES, 2):
        first = rng.randrange(4)
        spares = _maybe(rng, f"spares={rng.choice(SERVICES)}", 0.3)
        effect = rng.choice(("closed", "factor 1/2", f"extra {rng.randint(1, 9)}"))
        lines.append(f"closure {service} {first} {first + 1} {effect} {spares}")
    for place in rng.sample(("plant", "hub", "border", "port"), 2):
        first = rng.randrange(6)
        effect = rng.choice(("closed", f"extra {rng.randint(1, 9)}"))
        lines.append(_maybe(rng, f"closure {place} {first} {first + 1} {effect}"))
    for service in rng.sample(SERVICES, 2):
        shift = rng.randint(-8, 8)
        # A Sunday: none of the services leaves then.
        lines.append(_maybe(rng, f"exception {service} Sun added room=3 factor=3/2 shift={shift}"))
    return lines


def _grams(rng: Random) -> list[str]:
    per = rng.choice(("vehicle_km", "ceu_km", "tkm"))
    return [
        f"emission ship {rng.randint(10, 90)}/7 per={per}",
        f"emission ship {rng.randint(50, 400)} per=feu_km",
        f"emission road {rng.randint(50, 100)} per=vehicle_km",
        f"emission road {rng.randint(50, 100)} per=vehicle_km region=EU",
    ]


def _prices(rng: Random) -> list[str]:
    return [
        f"charge CN export price={rng.randint(1, 99)} hours={rng.choice((0, 2, 5))}",
        f"charge DE import price=0.001 per=value hours={rng.choice((0, 3))}",
        f"charge hub load price=7 hours={rng.choice((0, 4))} mode=rail",
        f"storage hub day={rng.randint(1, 40)} max={rng.choice((60, 90))}",
        f"storage port from=24 day={rng.randint(1, 90)}/7 once={rng.choice((0, 5))} per=feu form=boxed",
        "handling hub *->* loose->loose hours=1",
    ]


def _batch(rng: Random, on: set[str]) -> str:
    kind = rng.choice(("car", "car", "kit", "van"))
    end = rng.choice(("market", "port", "port"))
    wishes = " ".join(
        rng.sample(
            [
                f"split={rng.choice(('no', '1', '2'))}",
                f"min_part={rng.randint(2, 4)}",
                f"via={rng.choice(('hub', 'border', 'hub,border'))}",
                f"not_via={rng.choice(('border', 'KZ', 'barge', 'hub'))}",
                f"modes={rng.choice(('rail,truck', 'barge,truck', 'rail,barge,truck'))}",
                f"not_modes={rng.choice(('road', 'rail', 'roro'))}",
            ],
            rng.choice((0, 1, 1, 2)),
        )
    )
    late = _maybe(rng, f"late={rng.randint(1, 90)}", 0.3)
    unplanned = rng.choice((1_500, 5_000, 20_000))
    shipper = rng.choice(("Alpha", "Beta", "Gamma"))
    return (
        f"batch {rng.randint(1, 7)} {kind} plant -> {end} ready={rng.randrange(0, 40, 5)} "
        f"due={rng.randrange(140, 220)} {late} unplanned={unplanned} shipper={shipper} "
        f"{wishes if 'wishes' in on else ''}"
    )


def _terms(rng: Random, on: set[str]) -> str:
    objectives = ["cost", "cost", "time unplanned_h=200"]
    if "grams" in on:
        objectives += ["co2e unplanned_g=50000", "blend day=300 carbon=9000000", "blend day=50"]
    objective = rng.choice(objectives)
    times = rng.choice(("typical", "low", "high"))
    today = _maybe(rng, "today=Tue", 0.3)
    return f"terms {objective} max_late=24 times={times} {today if 'today' in on else ''}"
