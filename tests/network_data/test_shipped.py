"""The shipped network and its batches: readable, sourced, sane, and connected."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection
from datetime import date, time
from fractions import Fraction
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pytest

from planner.clock import local_date, local_minutes
from planner.model import Batch, Handling, Network, Place, Service, VehicleType
from planner.network.roll_out import RollOut
from planner.reading.batches import read_batches
from planner.reading.tables import read_network

FOLDER = Path(__file__).resolve().parents[2] / "network_data"
PARTS_PLANT = "PARTS-QYN"
"""Makes boxes of parts, no cars."""
EAST = {"CMP-TASHKENT", "CMP-ALMATY", "CMP-BAKU", "CMP-MOSCOW", "CMP-MINSK"}
"""Markets outside Europe as car carriers know it: only trains lead there."""
PROVINCES = {"Henan", "Anhui", "Guangdong", "Shaanxi", "Chongqing"}
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem not in {"tables", "sources"})
SPEEDS = {"rail": (6, 100), "barge": (2, 30), "roro": (10, 45), "container_ship": (18, 45)}
"""Lowest and highest km/h of a leg by mode; the slowest train leg is the shunt over a border, the slowest sea
legs are feeders with their calls."""
RAIL_DETOUR = (1.05, 1.9)
"""Lowest and highest km of a train leg over the great circle; legs under 5 km are too short to say."""
CASPIAN_AND_BLACK_SEA = {("AKTAU", "ALAT"), ("POTI", "CONSTANTA")}
"""Legs of through trains that go by ship."""
FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2027, 12, 31)


@pytest.fixture(scope="module")
def network() -> Network:
    return read_network()


@pytest.fixture(scope="module")
def month(network: Network) -> tuple[Batch, ...]:
    return read_batches(FOLDER / "batches" / "month.csv", network)


def list_rows(table: str) -> list[dict[str, str]]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def list_sources(row: dict[str, str]) -> list[str]:
    named, _, _ = row["source"].partition("estimate:")
    return [source for source in named.split(";") if source]


def great_circle_km(one: Place, other: Place) -> float:
    lat, other_lat = radians(one.lat), radians(other.lat)
    half_chord = (
        sin((other_lat - lat) / 2) ** 2
        + cos(lat) * cos(other_lat) * sin(radians(other.lon - one.lon) / 2) ** 2
    )
    return 2 * 6371 * asin(sqrt(half_chord))


def list_european_terminals(network: Network) -> list[Place]:
    east = {"CN", "RU", "BY", "KZ", "UZ", "AZ", "TR"}
    return [p for p in network.places.values() if p.kind == "rail_terminal" and p.country not in east]


def list_plants(network: Network) -> list[str]:
    return [place.id for place in network.places.values() if place.kind == "plant"]


def list_markets(network: Network) -> set[str]:
    return {place.id for place in network.places.values() if place.kind == "compound"}


def test_network_has_the_places_and_services_of_the_trade(network):
    kinds = Counter(place.kind for place in network.places.values())
    assert len(network.places) >= 120
    assert 140 <= len(network.services) <= 200
    plants = [network.places[plant] for plant in list_plants(network)]
    assert {plant.region for plant in plants} == PROVINCES
    europe = list_markets(network) - EAST
    assert len({network.places[market].country for market in europe}) >= 15
    assert list_markets(network) > EAST
    assert min(kinds[kind] for kind in ("border", "river_port", "sea_port", "passage")) >= 12
    assert {service.mode for service in network.services.values()} == set(SPEEDS)
    assert len(network.vehicle_types) >= 12


def test_no_place_is_there_twice(network):
    places = list(network.places.values())
    for number, one in enumerate(places):
        for other in places[number + 1 :]:
            same = one.kind == other.kind and great_circle_km(one, other) < 1
            assert not same, (one.id, other.id)
    codes = Counter(place.unlocode for place in places if place.unlocode)
    assert max(codes.values()) == 1


def test_every_place_is_used(network):
    used = {call.place for service in network.services.values() for call in service.calls}
    used |= {place for road in network.roads for place in (road.from_place, road.to_place)}
    assert set(network.places) == used


@pytest.mark.parametrize("table", TABLES)
def test_every_row_says_where_it_is_from(table):
    known = {row["source_id"] for row in list_rows("sources")}
    for row in list_rows(table):
        named = list_sources(row)
        assert named or "estimate:" in row["source"], row
        assert set(named) <= known, row


def test_no_source_is_listed_that_nothing_cites():
    cited = {source for table in TABLES for row in list_rows(table) for source in list_sources(row)}
    assert {row["source_id"] for row in list_rows("sources")} == cited


def test_readme_states_the_share_of_estimates():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    stated = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \|$", readme, flags=re.MULTILINE)
    counted = [
        (
            table,
            str(len(rows)),
            str(sum("estimate:" in row["source"] for row in rows)),
            str(sum(row["source"].startswith("estimate:") for row in rows)),
        )
        for table in TABLES
        for rows in [list_rows(table)]
    ]
    totals = [sum(int(line[column]) for line in counted) for column in (1, 2, 3)]
    assert sorted(stated) == sorted([*counted, ("all", *map(str, totals))])


def test_codes_of_other_places_and_unconfirmed_codes_are_not_used(network):
    codes = {place.unlocode for place in network.places.values()} | set(network.places)
    assert not codes & {"CNPUT", "CNXIY", "PLMAL", "DEROS", "CNTAC", "CNYAN"}


def test_no_leg_is_shorter_than_the_great_circle(network):
    for service in network.services.values():
        for call, following in pairwise(service.calls):
            ends = network.places[call.place], network.places[following.place]
            assert following.km_from_previous is not None
            km = great_circle_km(*ends)
            assert following.km_from_previous >= km, (service.id, following.place)
            by_ship = (call.place, following.place) in CASPIAN_AND_BLACK_SEA
            if service.mode == "rail" and km >= 5 and not by_ship:
                low, high = RAIL_DETOUR
                detour = following.km_from_previous / km
                assert low <= detour <= high, (service.id, call.place, following.place, detour)
    for road in network.roads:
        ends = network.places[road.from_place], network.places[road.to_place]
        assert road.km >= great_circle_km(*ends), (road.from_place, road.to_place)


def test_speeds_are_those_of_the_mode(network):
    for service in network.services.values():
        slowest, fastest = SPEEDS[service.mode]
        for call, following in pairwise(service.calls):
            hours = Fraction(following.arrive_min - call.depart_min, 60)
            assert slowest <= following.km_from_previous / hours <= fastest, (service.id, following.place)
    for road in network.roads:
        speed = 60 * road.km / road.travel_min
        assert speed <= 65, (road.from_place, road.to_place)
        assert speed >= 20 or road.travel_min <= 60, (road.from_place, road.to_place)


def test_nothing_is_loaded_at_borders_and_passages(network):
    for service in network.services.values():
        for call in service.calls:
            if network.places[call.place].kind in {"border", "passage"}:
                assert not call.load, (service.id, call.place)
                assert not call.unload, (service.id, call.place)


def test_trains_of_boxes_have_less_room_in_china_and_in_the_european_union(network):
    trains = [s for s in network.services.values() if s.mode == "rail" and s.is_boxed and s.bookable]
    assert len(trains) >= 50
    for train in trains:
        room = {call.place: train.leg_capacity(leg) for leg, call in enumerate(train.calls[:-1])}
        broad = next(room[p] for p in ("DOSTYK", "ALTYNKOL", "ZAMYN-UUD") if p in room)
        assert room[train.calls[0].place] < broad
        if "MALASZEWICZE" in room:
            assert room["MALASZEWICZE"] < room[train.calls[0].place]


def test_car_trains_carry_loose_cars_to_central_asia_and_russia_only(network):
    trains = [s for s in network.services.values() if s.mode == "rail" and not s.is_boxed]
    assert {network.places[train.calls[-1].place].country for train in trains} == {"UZ", "RU"}
    for train in trains:
        assert train.capacity_unit == "vehicle"
        assert train.max_height_mm is not None


def test_every_ride_has_a_freight_row(network):
    priced = {(t.service_id, t.from_place, t.to_place) for t in network.tariffs if t.charge == "freight"}
    for service in network.services.values():
        for number, board in enumerate(service.calls):
            for alight in service.calls[number + 1 :]:
                if board.load and alight.unload:
                    assert (service.id, board.place, alight.place) in priced


def test_a_line_sails_by_one_way_at_a_time(network):
    """By the Cape or by Suez, never both: closures say which."""
    by_way: dict[str, dict[str, Service]] = {}
    for service in network.services.values():
        for way in ("CAPE", "SUEZ"):
            if service.id.endswith(f"-{way}"):
                by_way.setdefault(service.id.removesuffix(f"-{way}"), {})[way] = service
    assert len(by_way) >= 20
    roll_out = RollOut(network)
    first, last = (local_minutes(day, time(0), "Asia/Shanghai") for day in (FIRST_DAY, LAST_DAY))
    for line, ways in by_way.items():
        assert set(ways) == {"CAPE", "SUEZ"}, line
        open_days = {}
        for way, service in ways.items():
            departures = roll_out.list_departures(service, first, last)
            end = len(service.calls) - 1
            open_days[way] = {d.day for d in departures if roll_out.is_open(d, 0, end)}
        assert open_days["CAPE"] | open_days["SUEZ"], line
        late_suez = [day for day in open_days["SUEZ"] if open_days["CAPE"] and day > min(open_days["CAPE"])]
        assert not late_suez, line


def test_every_calendar_lies_in_the_shipped_timetable(network):
    for service in network.services.values():
        for calendar in service.calendars:
            assert calendar.first_date is not None, service.id
            assert calendar.last_date is not None, service.id
            assert FIRST_DAY <= calendar.first_date < calendar.last_date <= LAST_DAY, service.id


def freight(network: Network, service: str, to_place: str, charge: str = "freight") -> Fraction:
    """Newest price of a ride for all cargo."""
    rows = [
        row
        for row in network.tariffs
        if (row.service_id, row.to_place, row.charge, row.applies_to) == (service, to_place, charge, "all")
    ]
    return max(rows, key=lambda row: row.first_date or date.min).price


def test_each_european_rail_terminal_has_a_15_day_reference_at_the_ordinary_price(network):
    references = [service for service in network.services.values() if not service.bookable]
    ends = {service.calls[-1].place: service for service in references}
    assert len(ends) == len(references)
    assert set(ends) == {place.id for place in list_european_terminals(network)}
    ordinary = {
        "MALASZEWICZE": "RAIL-ILP-MAA",
        "HAM-BILLWERDER": "RAIL-ILP-HAM",
        "DUI-DIT": "RAIL-ILP-DUI",
        "WARSAW-PRUSZKOW": "RAIL-ILP-WAW",
        "BUDAPEST-BILK": "RAIL-ILP-BUD",
        "DOURGES": "RAIL-PUT-PAR",
        "MILAN-MELZO": "RAIL-PUT-MIL",
    }
    for end, service in ends.items():
        assert service.is_boxed
        assert service.calls[0].place == "CGO-ILP"
        assert service.calls[-1].arrive_min == 360 * 60
        assert [call.place for call in service.calls if call.unload] == [end]
        assert all(service.leg_capacity(leg) is None for leg in range(len(service.calls) - 1))
        assert [calendar.weekdays for calendar in service.calendars] == [(1, 2, 3, 4, 5, 6, 7)]
        for charge in ("freight", "box_hire") if end in ordinary else ():
            assert freight(network, service.id, end, charge) == freight(network, ordinary[end], end, charge)


def test_full_timetable_train_takes_300_hours_for_15_percent_more(network):
    train = network.services["RAIL-PUT-HAM-FT"]
    assert train.calls[-1].arrive_min == 300 * 60
    ordinary = freight(network, "RAIL-PUT-HAM", "HAM-BILLWERDER")
    assert freight(network, train.id, "HAM-BILLWERDER") == ordinary * Fraction(115, 100)


@pytest.mark.parametrize(
    ("name", "ordinary", "boxes"),
    [
        ("CHARTER-ILP-MAA", "RAIL-ILP-MAA", 55),
        ("CHARTER-ILP-HAM", "RAIL-ILP-HAM", 44),
        ("CHARTER-ILP-DUI", "RAIL-ILP-DUI", 44),
        ("CHARTER-HFE-MAA", "RAIL-HFE-MAA", 55),
        ("CHARTER-SIA-MAA", "RAIL-SIA-MAA", 55),
    ],
)
def test_chartered_train_costs_its_boxes_at_the_ordinary_price_less_5_percent(network, name, ordinary, boxes):
    train = network.services[name]
    end = train.calls[-1].place
    assert train.departure_price == boxes * freight(network, ordinary, end) * Fraction(95, 100)
    assert freight(network, name, end) == 0
    assert train.min_load == 41
    assert min(train.leg_capacity(leg) for leg in range(len(train.calls) - 1)) == boxes


def test_every_bookable_line_to_europe_has_a_slow_journey(network):
    for service in network.services.values():
        for call in service.calls:
            far = call.unload and network.places[call.place].country != "CN"
            if service.bookable and far:
                assert call.arrive_min < call.arrive_high_min, (service.id, call.place)
                assert (call.arrive_low_min or 0) <= call.arrive_min, (service.id, call.place)


def grams_of_a_box(network: Network, service: Service) -> Fraction:
    """Emissions of a box over a whole service, by the row of each region."""
    factors = {(f.emission_class, f.region): f.value for f in network.emission_factors if f.per == "feu_km"}
    total = Fraction(0)
    for call in service.calls[1:]:
        region = network.places[call.place].region
        default = factors[service.emission_class, ""]
        total += call.km_from_previous * factors.get((service.emission_class, region), default)
    return total


def test_a_car_by_train_to_duisburg_emits_what_the_readme_says(network):
    tonnes = grams_of_a_box(network, network.services["RAIL-ILP-DUI"]) / 1_000_000
    assert round(float(tonnes), 1) == 2.4
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "2.4 t a box, 0.8 t a car" in readme


def test_border_of_poland_is_shut_for_thirteen_days_and_slow_after(network):
    shut, slow = (closure for closure in network.closures if closure.what == "BREST")
    assert (shut.effect, (shut.last - shut.first).days) == ("closed", 13)
    assert (slow.effect, slow.first) == ("extra_h", shut.last)


def find_handling(network: Network, place: str, from_mode: str, to_mode: str, forms: tuple[str, str]) -> bool:
    """Whether any row lets cargo change so at a place or at its kind."""
    owners = {place, network.places[place].kind}

    def fits(row: Handling) -> bool:
        modes = (row.from_mode or from_mode) == from_mode and (row.to_mode or to_mode) == to_mode
        return row.place_or_kind in owners and (row.from_form, row.to_form) == forms and modes

    return any(fits(row) for row in network.handling)


def carries(service: Service, vehicle_type: VehicleType) -> bool:
    fits_form = vehicle_type.vehicles_per_feu > 0 if service.is_boxed else vehicle_type.loose_allowed
    return service.bookable and fits_form and (service.accepts_dg or not vehicle_type.is_dangerous)


def list_reached(network: Network, origin: str, vehicle_type: VehicleType, modes: set[str]) -> set[str]:
    """Places where cargo of a plant can be delivered, by some rides of these modes and any roads."""
    moves = [("road", road.form, road.from_place, road.to_place) for road in network.roads]
    for service in network.services.values():
        if service.mode in modes and carries(service, vehicle_type):
            moves += [
                (service.mode, service.form, tariff.from_place, tariff.to_place)
                for tariff in network.tariffs
                if tariff.service_id == service.id and tariff.charge == "freight"
            ]
    reached = {(origin, "origin", vehicle_type.first_form)}
    frontier = list(reached)
    while frontier:
        place, from_mode, from_form = frontier.pop()
        for mode, form, from_place, to_place in moves:
            state = (to_place, mode, form)
            if from_place != place or state in reached:
                continue
            if find_handling(network, place, from_mode, mode, (from_form, form)):
                reached.add(state)
                frontier.append(state)
    first = vehicle_type.first_form
    return {p for p, mode, form in reached if find_handling(network, p, mode, "delivery", (form, first))}


def list_car_plants(*, without: Collection[str] = ()) -> list[str]:
    """Plants that make cars, those of some regions left out."""
    plants = [
        r["place_id"] for r in list_rows("places") if r["kind"] == "plant" and r["region"] not in without
    ]
    return sorted(set(plants) - {PARTS_PLANT})


@pytest.mark.parametrize("plant", list_car_plants())
def test_cars_reach_every_european_market_by_two_modes(network, plant):
    """Barges lead to ships; the main haul over sea or land is what counts."""
    europe = list_markets(network) - EAST
    car = network.vehicle_types["atto-3"]
    found = [
        list_reached(network, plant, car, {mode, "barge"}) for mode in ("rail", "roro", "container_ship")
    ]
    for market in europe:
        assert sum(market in reached for reached in found) >= 2, market


@pytest.mark.parametrize("plant", list_car_plants(without={"Guangdong", "Chongqing"}))
def test_cars_reach_every_eastern_market_by_train(network, plant):
    """No source knows such trains from Guangdong or Chongqing."""
    assert list_reached(network, plant, network.vehicle_types["tiggo-7"], {"rail"}) >= EAST


def test_every_type_reaches_most_markets_of_europe(network):
    """Buses by car carrier only, boxes of parts in boxes only."""
    europe = list_markets(network) - EAST
    modes = {"rail", "roro", "container_ship", "barge"}
    for vehicle_type in network.vehicle_types.values():
        origin = PARTS_PLANT if not vehicle_type.loose_allowed else "YUTONG-CGO"
        reached = list_reached(network, origin, vehicle_type, modes) & europe
        assert len(reached) >= 0.8 * len(europe), (vehicle_type.id, sorted(europe - reached))


def test_small_file_is_a_dozen_batches_of_all_plants(network):
    batches = read_batches(FOLDER / "batches" / "small.csv", network)
    assert len(batches) == 12
    assert {batch.shipper for batch in batches} == {"BYD", "SAIC", "Chery"}


def test_month_is_a_month_of_all_plants_types_and_markets(network, month):
    assert len(month) >= 200
    assert sum(batch.vehicles for batch in month) >= 30_000
    assert {batch.origin for batch in month} == set(list_plants(network))
    assert {batch.destination for batch in month} == list_markets(network)
    assert {batch.vehicle_type for batch in month} == set(network.vehicle_types)
    assert {"BYD", "SAIC", "Chery", "Yutong", "NIO"} < {batch.shipper for batch in month}
    assert len({batch.reference for batch in month}) == len(month)


def test_month_is_ready_over_sixty_days(network, month):
    ready = {local_date(batch.ready_min, network.places[batch.origin].time_zone) for batch in month}
    assert (min(ready), max(ready)) == (date(2027, 3, 1), date(2027, 4, 29))
    assert len(ready) == 60


def test_half_of_the_month_leaves_a_box_partly_empty(network, month):
    in_a_box = {kind.id: max(1, kind.vehicles_per_feu) for kind in network.vehicle_types.values()}
    odd = [b for b in month if b.vehicles % in_a_box[b.vehicle_type]]
    assert len(odd) >= len(month) / 2


def test_month_mixes_due_dates_and_says_who_may_be_late(month):
    days = [(batch.due_min - batch.ready_min) / 1440 for batch in month]
    assert sum(d <= 28 for d in days) >= 10, "only the fastest trains"
    assert sum(28 < d <= 45 for d in days) >= 40, "ordinary trains"
    assert sum(d > 75 for d in days) >= 60, "any ship"
    soft = sum(batch.late_price is not None for batch in month)
    assert 0.05 <= soft / len(month) <= 0.4
    assert sum(batch.priority > 0 for batch in month) <= len(month) / 5
