"""Hours of charges: added to the handling before or after a leg, and only where the charge is met."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from planner.network.charge_hours import ChargeHours
from planner.network.fares import FareBook
from planner.network.lay_out import timetable_of
from planner.network.read_back import read_stages
from planner.solver.kernel import INFINITE
from tests.oracles.enumeration import ways_of
from tests.oracles.rules import BatchRules
from tests.solver.rig import EVERYTHING, MONEY, TIME, rig
from tests.tiny import tiny

HOUR = 60
WORLD = """
    type scooter un=UN3556
    place plant country=CN
    place gate country=CN
    place hub country=PL
    place market country=DE
    service rail gate -> hub@50 form=boxed mode=rail leaves=Tue at=00:00 price=9
    road plant -> gate hours=3 every=1
    road hub -> market hours=6 every=1
    batch 1 car plant -> market due=300
"""
GATE = ("gate", "rail", "boxed", True)
HUB = ("hub", "rail", "boxed", True)


def before_after(charge: str, kind: str = "car") -> tuple[int, int]:
    """Hours added before leaving the gate and after arriving at the hub."""
    network = tiny(WORLD + charge).network
    hours = ChargeHours(network)
    vehicle_type = network.vehicle_types[kind]
    before, after = hours.before_min(GATE, vehicle_type, "CN"), hours.after_min(HUB, vehicle_type, "DE")
    return before // HOUR, after // HOUR


@pytest.mark.parametrize(
    ("charge", "expected"),
    [
        ("", (0, 0)),
        ("charge gate load price=5", (0, 0)),  # takes no time
        ("charge gate load hours=5", (5, 0)),
        ("charge CN load hours=5", (5, 0)),
        ("charge hub load hours=5", (0, 0)),
        ("charge hub unload hours=5", (0, 5)),
        ("charge PL unload hours=5", (0, 5)),
        ("charge gate unload hours=5", (0, 0)),
        ("charge gate pass hours=5", (0, 0)),  # in the timetable already
        ("charge CN export hours=5", (5, 0)),
        ("charge gate export hours=5", (5, 0)),
        ("charge plant export hours=5", (0, 0)),
        ("charge PL import hours=5", (0, 0)),  # not the market's country
        ("charge gate load hours=5 mode=rail", (5, 0)),
        ("charge gate load hours=5 mode=road", (0, 0)),
        ("charge gate load hours=5 form=boxed", (5, 0)),
        ("charge gate load hours=5 form=loose", (0, 0)),
        ("charge gate load hours=5 applies=dg", (0, 0)),
        ("charge gate load hours=5 applies=car", (5, 0)),
        ("charge gate load hours=5\ncharge CN export hours=7\ncharge PL unload hours=2", (12, 2)),
    ],
)
def test_charge_takes_time_where_it_is_met(charge: str, expected: tuple[int, int]):
    assert before_after(charge) == expected


def test_dangerous_goods_wait_for_their_own_inspection():
    assert before_after("charge gate load hours=5 applies=dg", "scooter") == (5, 0)


@pytest.mark.parametrize(
    ("slot", "market", "minutes"),
    [
        (("hub", "rail", "boxed", True), "PL", 300),
        (("hub", "rail", "boxed", False), "PL", 0),  # came from within the country
        (("hub", "rail", "boxed", True), "DE", 0),
        (("market", "road", "loose", True), "DE", 0),
    ],
)
def test_import_is_met_on_entering_the_markets_country_only(
    slot: tuple[str, str, str, bool], market: str, minutes: int
):
    network = tiny(WORLD + "charge PL import hours=5").network
    assert ChargeHours(network).after_min(slot, network.vehicle_types["car"], market) == minutes


@pytest.mark.parametrize(
    ("gate", "home", "minutes"),
    [
        (("gate", "rail", "boxed", True), "CN", 300),
        (("gate", "rail", "boxed", False), "CN", 0),
        (("gate", "rail", "boxed", True), "KZ", 0),
        (("plant", "road", "loose", True), "CN", 300),
    ],
)
def test_export_is_met_on_leaving_the_origins_country_only(
    gate: tuple[str, str, str, bool], home: str, minutes: int
):
    network = tiny(WORLD + "charge CN export hours=5").network
    assert ChargeHours(network).before_min(gate, network.vehicle_types["car"], home) == minutes


@pytest.mark.parametrize(
    ("charge", "told_apart"),
    [
        ("charge CN export hours=5", True),
        ("charge DE import hours=5", True),
        ("charge CN export price=5", False),
        ("charge CN load hours=5", False),
    ],
)
def test_legs_over_a_border_are_told_apart_only_where_customs_take_time(charge: str, told_apart: bool):
    table = timetable_of(tiny(WORLD + charge))
    crossing = {gate[:3] for gate in table.gates if gate[3]}
    assert crossing == ({("gate", "rail", "boxed"), ("hub", "road", "loose")} if told_apart else set())


def test_service_that_loads_for_home_and_abroad_has_a_gate_of_each():
    table = timetable_of(
        tiny("""
            place plant country=CN
            place river country=CN
            place port country=DE
            service line plant -> river@5-6* -> port@24 price=1
            charge CN export hours=5
            batch 1 car plant -> port
        """)
    )
    assert table.gates[:2] == [("plant", "other", "loose", False), ("plant", "other", "loose", True)]
    arrays = table.arrays
    assert len(arrays["boarding_min"]) == 3
    assert len({int(arrays["arc_departure"][arc]) for arc in range(3)}) == 1


@pytest.mark.parametrize(
    ("charge", "delivered"),
    [
        # road at 0 h, train at 24 h, at the hub at 74 h, road at once, at the market at 80 h
        ("", 80),
        ("charge gate load hours=21", 80),
        ("charge gate load hours=22", None),  # the only train is missed
        ("charge hub unload hours=2", 82),
        ("charge PL load hours=2", 82),
        ("charge hub unload hours=2\ncharge hub load hours=3 mode=road", 85),
        ("charge DE import hours=4", 84),
        ("charge market unload hours=1/2", 80.5),
        ("charge plant unload hours=22\ncharge CN import hours=22", 80),  # nothing was unloaded at the origin
        ("charge CN load hours=1", 80),  # an hour at the plant, another at the gate
        ("charge plant load hours=20", 80),
        ("charge plant load hours=21\ncharge gate load hours=1", None),
    ],
)
def test_hours_lengthen_the_way(charge: str, delivered: float | None):
    pricer = rig(tiny(WORLD + charge)).pricer
    found, _ = pricer.recover(0, 1, TIME, pricer.sweep(pricer.sources[0], 1, TIME), EVERYTHING)
    minutes = [column.minutes for _, column in found]
    assert minutes == ([] if delivered is None else [delivered * HOUR])


def test_every_itinerary_takes_the_hours_the_oracle_counts(num_worlds: Callable[[int], int], seed: int):
    rng = Random(seed)
    slower = 0
    for _ in range(num_worlds(120)):
        charges = "\n".join(
            f"charge {rng.choice(('CN', 'PL', 'DE', 'gate', 'hub', 'plant', 'market'))} "
            f"{rng.choice(('load', 'unload', 'export', 'import', 'pass'))} hours={rng.randint(1, 8)} "
            f"{rng.choice(('', 'mode=rail', 'mode=road', 'form=boxed', 'applies=dg'))}"
            for _ in range(rng.randint(1, 5))
        )
        extra = "road plant -> hub hours=40 every=6\nbatch 2 scooter gate -> hub due=140\n"
        problem = tiny((WORLD + extra + charges).replace("every=1", "every=7").replace("due=300", "due=130"))
        made = rig(problem)
        for batch, row in enumerate(problem.batches):
            ways = {way.moves: way.minutes for way in ways_of(problem, row)}
            columns = [column for _, column in made.recover_all(batch, 1, MONEY)]
            assert {made.key_of(column): column.minutes for column in columns} == ways, charges
            for column in columns:
                stages = read_stages(problem, made.timetable, row, column.arcs)
                assert stages[-1].end_min - row.ready_min == column.minutes
                assert all(stage.end_min >= stage.start_min for stage in stages), charges
            slower += any(move.before_min or move.after_min for move in BatchRules(problem, row).moves())
    assert slower


def test_classes_of_two_origins_have_hours_of_their_own():
    problem = tiny("""
        place plant country=CN
        place other country=KZ
        place port country=DE
        service line plant -> other@5-20* -> port@24 price=1
        charge CN export hours=5
        charge KZ export hours=7
        batch 1 car plant -> port
        batch 1 car other -> port
    """)
    table = timetable_of(problem)
    book = FareBook(problem, table)
    hours = []
    for batch in problem.batches:
        fares = book.fares_of(batch)
        hours.append(
            {
                (table.slots[transfer.slot][0], table.gates[transfer.gate][3]): int(minutes) // HOUR
                for transfer, minutes in zip(table.transfers, fares.transfer_min, strict=True)
            }
        )
    assert hours[0]["plant", True] == 5
    assert hours[0]["other", True] == 0
    assert hours[1]["plant", True] == 0
    assert hours[1]["other", True] == 7
    assert int(INFINITE) not in hours[0].values()
