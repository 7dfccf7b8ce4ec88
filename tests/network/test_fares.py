"""Prices of a class of cargo against figures worked out by hand, and against the oracle on random worlds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from planner.model import Problem, StorageTier
from planner.network.fares import CLOSED, FareBook, Fares, days_by_tier
from planner.network.lay_out import timetable_of
from planner.network.timetable import Timetable
from planner.network.type_fares import round_multiples, space_units, tier_cents
from planner.units import round_half_up
from tests.oracles.rules import BatchRules
from tests.tiny import START_MIN, tiny
from tests.worlds import random_world

CAR = "type sedan ceu=1.27 cbm=15.51 mass=2150 per_box=3 length=4800 height=1700 value=3100050"


def build(problem: Problem, *, with_reference: bool = False) -> tuple[Timetable, FareBook]:
    timetable = timetable_of(problem)
    return timetable, FareBook(problem, timetable, with_reference=with_reference)


def fares(problem: Problem, batch: int = 0) -> Fares:
    return build(problem)[1].fares_of(problem.batches[batch])


def ride_price(text: str, form: str = "loose", batch: str = "batch 1 sedan plant -> port") -> tuple[int, int]:
    """Cents per vehicle and per box of the only ride of a world."""
    problem = tiny(f"""
        {CAR}
        service line plant -> port@24 form={form} dg=yes
        {text}
        {batch}
    """)
    own = fares(problem)
    return int(own.pair_vehicle[0]), int(own.pair_box[0])


@pytest.mark.parametrize(
    ("per", "price", "cents"),
    [
        ("vehicle", "100.5", 101),  # half a cent rounds up
        ("ceu", "1000", 1270),
        ("ceu", "1000/127", 10),
        ("cbm", "100", 1551),
        ("cbm", "1/3", 5),  # 5.17
        ("tonne", "1000", 2150),
        ("tonne", "1/5", 0),  # 0.43
        ("value", "0.001", 3100),  # 3,100.05
    ],
)
def test_price_is_measured_and_rounded_once_per_vehicle(per: str, price: str, cents: int):
    assert ride_price(f"tariff line plant -> port per={per} price={price}") == (cents, 0)


def test_price_per_box_is_kept_apart():
    assert ride_price("tariff line plant -> port per=feu price=799.5", form="boxed") == (0, 800)
    assert ride_price("tariff line plant -> port per=vehicle price=799", form="boxed") == (799, 0)


@pytest.mark.parametrize(("minimum", "cents"), [("1269", 1270), ("1270.5", 1271), ("2000", 2000)])
def test_least_price_holds_per_vehicle(minimum: str, cents: int):
    assert ride_price(f"tariff line plant -> port per=ceu price=1000 min={minimum}") == (cents, 0)


def test_all_lines_of_a_ride_add_up_each_rounded_by_itself():
    price = ride_price(
        """
        tariff line plant -> port per=feu price=100.5
        tariff line plant -> port charge=box_hire per=feu price=20.5
        tariff line plant -> port charge=surcharge price=3.5
        tariff line plant -> port charge=insurance per=value price=0.000001
        """,
        form="boxed",
    )
    assert price == (4 + 3, 101 + 21)


@pytest.mark.parametrize(
    ("applies", "un", "cents"),
    [("all", "", 8), ("sedan", "", 8), ("other", "", 5), ("dg", "", 5), ("dg", "UN3556", 8)],
)
def test_row_applies_to_all_to_a_type_or_to_dangerous_goods(applies: str, un: str, cents: int):
    problem = tiny(f"""
        {CAR} {"un=" + un if un else ""}
        service line plant -> port@24 dg=yes
        tariff line plant -> port price=5
        tariff line plant -> port charge=surcharge applies={applies} price=3
        batch 1 sedan plant -> port
    """)
    assert int(fares(problem).pair_vehicle[0]) == cents


def test_ride_without_freight_for_the_type_is_closed():
    assert ride_price("tariff line plant -> port applies=other price=5")[0] == CLOSED
    own = fares(
        tiny(f"""
            {CAR}
            service line plant -> port@24
            tariff line plant -> port applies=dg price=5
            tariff line plant -> port charge=surcharge price=5
            batch 1 sedan plant -> port
        """)
    )
    assert list(own.pair_vehicle) == [CLOSED]


@pytest.mark.parametrize(
    ("service", "batch", "is_open"),
    [
        ("", "", True),
        ("bookable=no", "", False),
        ("shippers=BYD,SAIC", "shipper=SAIC", True),
        ("shippers=BYD,SAIC", "shipper=Chery", False),
        ("shippers=BYD", "", False),
        ("max_height=1700", "", True),
        ("max_height=1699", "", False),
        ("max_length=4800", "", True),
        ("max_length=4799", "", False),
        ("max_mass=2150", "", True),
        ("max_mass=2149", "", False),
        ("form=boxed", "", True),
        ("form=boxed max_height=1699", "", False),  # size limits bind boxed cargo, too
    ],
)
def test_who_may_use_a_service(service: str, batch: str, is_open: bool):
    problem = tiny(f"""
        {CAR}
        service line plant -> port@24 price=5 {service}
        batch 1 sedan plant -> port {batch}
    """)
    assert (int(fares(problem).pair_vehicle[0]) < CLOSED) == is_open


@pytest.mark.parametrize(
    ("kind", "dg", "form", "is_open"),
    [
        ("un=UN3556", "no", "loose", False),
        ("un=UN3556", "yes", "loose", True),
        ("per_box=0", "no", "boxed", False),
        ("per_box=0", "no", "loose", True),
        ("loose=no", "no", "loose", False),
        ("loose=no", "no", "boxed", True),
    ],
)
def test_which_type_may_use_a_service_or_road(kind: str, dg: str, form: str, is_open: bool):
    problem = tiny(f"""
        type thing {kind}
        service line plant -> port@24 price=5 dg={dg} form={form}
        road plant -> port hours=9 form={form}
        batch 1 thing plant -> port
    """)
    own = fares(problem)
    assert (int(own.pair_vehicle[0]) < CLOSED) == is_open
    needs_no_leave = "un" not in kind  # dangerous goods may use any road
    assert (int(own.pair_vehicle[1]) < CLOSED) == (is_open or not needs_no_leave)


def test_reference_service_is_open_to_the_baseline_only():
    problem = tiny("""
        service line plant -> port@24 price=5 bookable=no
        batch 1 car plant -> port
    """)
    closed, opened = (
        build(problem, with_reference=reference)[1].fares_of(problem.batches[0])
        for reference in (False, True)
    )
    assert (int(closed.pair_vehicle[0]), int(opened.pair_vehicle[0])) == (CLOSED, 5)


def test_road_is_paid_per_vehicle_or_per_box():
    own = fares(
        tiny("""
            road plant -> port hours=9 price=7.5
            road plant -> port hours=9 form=boxed per=feu price=20.5
            road plant -> port hours=9 form=boxed price=3
            batch 1 car plant -> port
        """)
    )
    assert list(own.pair_vehicle) == [8, 0, 3]
    assert list(own.pair_box) == [0, 21, 0]


# --- charges ----------------------------------------------------------------------------------------------

CALLS = "plant -> hub@5-6* -> gate@10 -> border@20-22 -> strait@30-31 -> port@40-41* -> market@50"
ROUTE = f"""
    place plant country=CN
    place hub country=CN
    place gate country=KZ
    place border country=KZ
    place strait country=PL
    place port country=PL
    place market country=DE
    service line {CALLS} mode=rail price=1000
    road plant -> hub hours=3 price=1000
    road port -> market hours=3 price=1000
"""


@pytest.mark.parametrize(
    ("charge", "met_by"),
    [
        ("plant load", "plant-hub plant-port plant-market road:plant-hub"),
        ("CN load", "plant-hub plant-port plant-market hub-port hub-market road:plant-hub"),
        ("port load", "port-market road:port-market"),
        ("port unload", "plant-port hub-port"),
        ("DE unload", "plant-market hub-market port-market road:port-market"),
        ("border pass", "plant-port plant-market hub-port hub-market"),
        ("KZ pass", "plant-port plant-market hub-port hub-market"),  # once, though two calls are there
        ("strait pass", "plant-port plant-market hub-port hub-market"),
        ("PL pass", "plant-market hub-market"),  # not where the ride ends in that country
        ("port pass", "plant-market hub-market"),
        ("hub pass", "plant-port plant-market"),
        ("CN pass", ""),  # boarded there
        ("DE pass", ""),
        ("CN export", "plant-port plant-market hub-port hub-market"),
        ("plant export", "plant-port plant-market"),
        ("hub export", "hub-port hub-market"),
        ("KZ export", ""),
        ("DE import", "plant-market hub-market port-market road:port-market"),
        ("market import", "plant-market hub-market port-market road:port-market"),
        ("PL import", ""),
    ],
)
def test_charge_is_met_once_by(charge: str, met_by: str):
    problem = tiny(f"""
        {ROUTE}
        charge {charge} price=7
        batch 1 car plant -> market
    """)
    assert who_pays(problem) == dict.fromkeys(met_by.split(), 7)


def who_pays(problem: Problem) -> dict[str, int]:
    """Rides and roads that cost more than 1000 cents, and how much more."""
    timetable, book = build(problem)
    prices = book.fares_of(problem.batches[0]).pair_vehicle
    names = [("road:" if pair.service is None else "") + "-".join(pair.ends) for pair in timetable.pairs]
    return {name: int(price) - 1000 for name, price in zip(names, prices, strict=True) if price != 1000}


@pytest.mark.parametrize(
    ("keys", "met_by"),
    [
        ("mode=rail", "plant-hub plant-port plant-market"),
        ("mode=road", "road:plant-hub"),
        ("mode=barge", ""),
        ("form=loose", "plant-hub plant-port plant-market road:plant-hub"),
        ("form=boxed", ""),
        ("applies=car", "plant-hub plant-port plant-market road:plant-hub"),
        ("applies=dg", ""),
    ],
)
def test_charge_is_for_a_mode_a_form_a_class(keys: str, met_by: str):
    problem = tiny(f"""
        {ROUTE}
        charge plant load price=7 {keys}
        batch 1 car plant -> market
    """)
    assert who_pays(problem) == dict.fromkeys(met_by.split(), 7)


def test_charge_may_be_a_share_of_the_value_or_per_box():
    problem = tiny("""
        service line plant -> port@24 form=boxed price=100
        charge plant load per=value price=0.01
        charge port unload per=feu form=boxed price=30.5
        batch 1 car plant -> port value=12345
    """)
    own = fares(problem)
    assert (int(own.pair_vehicle[0]), int(own.pair_box[0])) == (123, 131)


# --- classes ----------------------------------------------------------------------------------------------


def test_batches_share_a_class_unless_something_they_differ_in_has_a_price():
    plain = """
        service line plant -> port@24 price=5
        service line2 plant -> market@24 price=5
        batch 1 car plant -> port value=5 shipper=A
        batch 2 car plant -> market value=6 shipper=B due=99
    """
    same = [
        "",
        "charge plant load price=1",
        "tariff line plant -> port charge=surcharge price=5",
    ]
    apart = [
        "charge plant load per=value price=0.1",
        "tariff line plant -> port charge=insurance per=value price=0.1",
        "service line3 plant -> port@24 price=5 shippers=A",
        "place market country=DE\n charge DE import price=4",
    ]
    for text in same + apart:
        problem = tiny(plain + text)
        book = build(problem)[1]
        first, second = (book.fares_of(batch) for batch in problem.batches)
        assert (first is second) == (text in same), text


def test_rides_and_dispatches_cost_what_the_oracle_says(num_worlds: Callable[[int], int], seed: int):
    for number in range(seed, seed + num_worlds(300)):
        problem = random_world(number)
        timetable, book = build(problem)
        arrays = timetable.arrays
        terms = problem.terms
        counts_grams = terms.objective == "co2e" or (terms.objective == "blend" and terms.carbon_price > 0)
        pairs = {}
        for place, departure in zip(arrays["arc_pair"], arrays["arc_departure"], strict=True):
            pair = timetable.pairs[int(place)]
            if pair.service is None:
                pairs["road", *pair.ends, pair.form] = int(place)
            else:
                calls = pair.service.calls
                day = timetable.departures[departure].day.isoformat()
                seqs = str(calls[pair.board_call].seq), str(calls[pair.alight_call].seq)
                pairs[pair.service.id, day, *seqs] = int(place)
        for batch in problem.batches:
            own, rules = book.fares_of(batch), BatchRules(problem, batch)
            seen = set()
            for move in rules.moves():
                key = move.key[:4] if move.key[0] == "road" else move.key
                place = pairs[key]
                seen.add(place)
                price = int(own.pair_vehicle[place]), int(own.pair_box[place])
                assert price == (move.money.vehicle, move.money.box), f"random_world({number}) {move.key}"
                grams = int(own.pair_vehicle_grams[place]), int(own.pair_box_grams[place])
                counted = (move.grams.vehicle, move.grams.box) if counts_grams else (0, 0)
                assert grams == counted, f"random_world({number}) {move.key}"
                if move.uses:
                    assert int(own.pair_units[place]) == rules.units(move.key[0])
            services = problem.network.services
            for place, pair in enumerate(timetable.pairs):
                if pair.service is not None and not rules.may_use(services[pair.service.id]):
                    assert own.pair_vehicle[place] == CLOSED, f"random_world({number}) {pair.service.id}"
                    assert place not in seen


def test_handling_and_storage_tables_say_what_the_oracle_says(num_worlds: Callable[[int], int], seed: int):
    for number in range(seed, seed + num_worlds(300)):
        problem = random_world(number)
        timetable, book = build(problem)
        batch = problem.batches[0]
        own, rules = book.fares_of(batch), BatchRules(problem, batch)
        for place, transfer in enumerate(timetable.transfers):
            cents = round_half_up(transfer.handling.price)
            expected = (0, cents) if transfer.handling.per == "feu" else (cents, 0)
            assert (int(own.transfer_vehicle[place]), int(own.transfer_box[place])) == expected
        for (where, form), rule in timetable.rule_of.items():
            begin = batch.ready_min + 77
            zone = problem.network.places[where].time_zone
            for end in range(begin, begin + 9 * 1440, 311):
                spent = [0, 0]
                tiers = timetable.rules[rule].tiers
                for tier, days in days_by_tier(tiers, begin, end, zone):
                    place = tiers.index(tier)
                    spent[0] += int(own.tier_vehicle[rule, place, days])
                    spent[1] += int(own.tier_box[rule, place, days])
                    cents = tier_cents(tier, days, problem.vehicle_type_of(batch))
                    assert cents == own.tier_vehicle[rule, place, days] + own.tier_box[rule, place, days]
                money = rules.storage(where, form, begin, end)
                too_long = end - begin > timetable.rules[rule].max_dwell_min
                assert (money is None) == too_long, f"random_world({number}) {where} {form}"
                assert money is None or spent == [money.vehicle, money.box], f"random_world({number}) {where}"


# --- groups, units, rounding ------------------------------------------------------------------------------


def test_group_pays_a_box_once_and_takes_one_unit_of_a_boxed_ride():
    problem = tiny("""
        type truck ceu=4.33 cbm=70 per_box=2
        service rail plant -> port@24 form=boxed price=100
        tariff rail plant -> port charge=surcharge price=7
        service roro plant -> port@24 unit=ceu price=40
        service barge plant -> port@24 unit=cbm price=30
        service truck plant -> port@24 unit=vehicle price=20
        service closed plant -> port@24 price=20 bookable=no
        batch 1 truck plant -> port
    """)
    own = fares(problem)
    assert list(own.group_pairs(2)) == [100 + 2 * 7, 80, 60, 40, CLOSED]
    assert list(own.group_units(2))[:4] == [1, 866, 14_000, 2]
    services = problem.network.services
    kind = problem.network.vehicle_types["truck"]
    assert [space_units(services[name], kind) for name in services][:4] == [1, 433, 7_000, 1]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 365])
@pytest.mark.parametrize("price", ["1/2", "1/3", "-5/2", "123456789/718", "0", "99999999999999/7"])
@pytest.mark.parametrize("once", ["0", "1/2", "22/7"])
def test_multiples_are_rounded_once_and_exactly(count: int, price: str, once: str):
    exact = Fraction(price) * count + Fraction(once)
    assert round_multiples(Fraction(price), np.array([count]), Fraction(once))[0] == round_half_up(exact)


@pytest.mark.parametrize("price", [Fraction(10**17 + 1, 10**9 + 7), Fraction(10**13 + 1, 10**4 + 7)])
def test_multiples_stay_exact_where_machine_numbers_would_not(price: Fraction):
    counts = np.array([1, 10**6], dtype=np.int64)
    assert [round_half_up(price * int(n)) for n in counts] == list(round_multiples(price, counts))


def test_tiers_charge_the_days_that_fall_to_them():
    tiers = [
        StorageTier(place_or_kind="hub", from_min=hours * 60, per="vehicle", price_per_day=Fraction(price))
        for hours, price in ((24, 5), (72, 9))
    ]
    begin = START_MIN + 20 * 60
    # in on Monday 20:00: the first tier starts on Tuesday, the second on Thursday
    days = {
        end: [found for _, found in days_by_tier(tiers, begin, START_MIN + end * 60, "UTC")]
        for end in (21, 47, 48, 95, 96, 120, 192)
    }
    assert days == {21: [], 47: [], 48: [1], 95: [2], 96: [2, 1], 120: [2, 2], 192: [2, 5]}


def test_tier_price_is_rounded_once_for_all_its_days_and_its_entry():
    kind = replace(tiny(CAR + "\nbatch 1 sedan a -> b").network.vehicle_types["sedan"])
    for per, cents in (("vehicle", 5), ("cbm", 78), ("feu", 5), ("teu", 10)):
        tier = StorageTier(place_or_kind="hub", per=per, price_per_day=Fraction(4, 3), once=Fraction(1))
        assert tier_cents(tier, 3, kind) == cents
        assert tier_cents(tier, 0, kind) == 0
