"""What if something were shut, dearer, cheaper or of another size."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from planner.model import Problem, ServiceId
from planner.what_if import Close, Reprice, Resize, changed, export_trains, with_rail_price
from tests.plan_text import planned
from tests.tiny import tiny

TRAIN = ServiceId("rail")
MON_AND_WED = """
    service barge plant -> port@24 leaves=Mon,Wed price=40
    batch 1 car plant -> port
"""
ABROAD = """
    place market country=DE
    place border country=KZ
    place hub country=CN
    service rail plant -> border@5-6 -> market@24 form=boxed price=600
    service inner mode=rail plant -> hub@24 form=boxed price=300
    service hired mode=rail plant -> market@24 form=boxed price=0 departure=900
    service idle mode=rail plant -> market@24 form=boxed price=500 bookable=no
    service cars mode=rail plant -> market@24 price=200
    service back mode=rail market -> hub@24 form=boxed price=100
    batch 3 car plant -> market
"""


def prices(problem: Problem) -> dict[str, Fraction]:
    return {str(row.service_id): row.price for row in problem.network.tariffs}


def test_a_place_that_is_shut_is_shut():
    shut = Close(what="plant", first=date(2025, 3, 3), last=date(2025, 3, 4))
    assert planned(changed(tiny(MON_AND_WED), [shut])) == "1 barge Wed 5, 80h, 40c"


def test_changes_are_made_in_their_order():
    twice = [
        Reprice(services=(ServiceId("barge"),), factor=factor) for factor in (Fraction(2), Fraction(1, 4))
    ]
    assert planned(changed(tiny(MON_AND_WED), twice)) == "1 barge Mon 3, 32h, 20c"
    assert changed(tiny(MON_AND_WED), ()) == tiny(MON_AND_WED)


def test_freight_departure_and_modules_of_a_service_are_dearer():
    world = tiny("""
        service barge plant -> port@24 price=40 departure=100 module=3 module_price=10
        service other plant -> port@24 price=70
        tariff barge plant -> port charge=surcharge price=5
        batch 1 car plant -> port
    """)
    network = changed(world, [Reprice(services=(ServiceId("barge"),), factor=Fraction(3, 2))]).network
    service = network.services[ServiceId("barge")]
    assert (service.departure_price, service.module_price) == (150, 15)
    rows = {(str(row.service_id), row.charge): row.price for row in network.tariffs}
    assert rows == {("barge", "freight"): 60, ("barge", "surcharge"): 5, ("other", "freight"): 70}


def test_room_is_that_of_every_leg_and_departure():
    world = tiny("""
        service barge plant -> hub@10 -> port@24 leaves=Mon room=2 onward=9,1 price=40
        exception barge Mon changed room=1
        batch 4 car plant -> port
    """)
    assert planned(world) == "1 barge Mon 3, 32h, 40c\n3 left out: no_room"
    roomy = Resize(service=ServiceId("barge"), capacity=4)
    assert planned(changed(world, [roomy])) == "4 barge Mon 3, 32h, 160c"


def test_trains_asked_about_carry_boxes_out_of_the_country_by_the_box():
    assert export_trains(tiny(ABROAD)) == {"rail"}


def test_the_rail_price_is_that_of_rides_out_of_the_country():
    world = tiny(ABROAD)
    assert prices(with_rail_price(world, lambda _: Fraction(750))) == {**prices(world), "rail": Fraction(750)}
    assert prices(with_rail_price(world, lambda price: price - 100))["rail"] == 500
    assert prices(with_rail_price(world, lambda price: price - 9_000))["rail"] == 0
