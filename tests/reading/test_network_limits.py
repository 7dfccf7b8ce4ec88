"""Charters, exceptions, throughput, allotments, closures, emissions: what is read, and what rows must be."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from planner.model import (
    Allotment,
    Closure,
    DepartureException,
    EmissionFactor,
    Network,
    PlaceId,
    ServiceId,
    Throughput,
    VehicleTypeId,
)
from tests.reading.network_folder import NetworkFolder

TRAIN, BARGE = ServiceId("TRAIN"), ServiceId("BARGE")


@pytest.fixture
def folder(tmp_path: Path) -> NetworkFolder:
    return NetworkFolder(tmp_path / "net")


@pytest.fixture
def network(folder: NetworkFolder) -> Network:
    return folder.read()


# Services


def test_charter_terms_are_cents_and_counting_units(folder: NetworkFolder):
    for line, module in ((2, "11"), (3, "30.25")):
        folder.set("services", line, "module_capacity", module)
        folder.set("services", line, "min_load", "22")
        folder.set("services", line, "module_price", "1000.5")
        folder.set("services", line, "departure_price", "20")
        folder.set("services", line, "currency", "EUR")
    services = folder.read().services
    train, barge = services[TRAIN], services[BARGE]
    assert (train.module_capacity, train.min_load) == (11, 22)
    assert (barge.module_capacity, barge.min_load) == (3_025, 2_200)
    assert (train.module_price, train.departure_price) == (Fraction(116_058), Fraction(2_320))
    assert train.is_chartered


def test_blank_charter_terms_cost_and_demand_nothing(network: Network):
    train = network.services[TRAIN]
    assert (train.departure_price, train.module_price, train.module_capacity, train.min_load) == (
        0,
        0,
        None,
        0,
    )
    assert (train.book_by_min, train.is_chartered) == (None, False)


def test_booking_closes_so_many_minutes_before(folder: NetworkFolder):
    folder.set("services", 2, "book_by_h", "168.5")
    assert folder.read().services[TRAIN].book_by_min == 10_110


@pytest.mark.parametrize("column", ["departure_price", "module_price"])
def test_price_of_a_departure_needs_a_currency(folder: NetworkFolder, column: str):
    folder.set("services", 2, column, "0")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.reason) == ("services.csv", 2, "currency", "is blank")
    assert fault.hint == f"{column} is in it"
    folder.set("services", 2, "currency", "CNY")
    assert folder.read()


def test_least_load_needs_a_capacity_or_modules(folder: NetworkFolder):
    folder.set("services", 2, "capacity", "")
    folder.set("services", 2, "min_load", "41")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("services.csv", 2, "capacity", "")
    assert "min_load" in fault.reason
    folder.set("services", 2, "module_capacity", "10")
    assert folder.read().services[TRAIN].min_load == 41


def test_least_load_has_to_fit_the_legs_on_which_cargo_boards(folder: NetworkFolder):
    folder.set("services", 2, "min_load", "42")
    folder.set("calls", 2, "capacity_onward", "41")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("services.csv", 2, "min_load", "42")
    assert fault.reason == "is above the 41 that can board a departure"
    folder.set("services", 2, "min_load", "41")
    assert folder.read()


def test_arrivals_of_fast_and_slow_journeys_are_minutes(folder: NetworkFolder):
    folder.set("calls", 4, "arrive_low_h", "90")
    folder.set("calls", 4, "arrive_high_h", "400.5")
    end = folder.read().services[TRAIN].calls[2]
    # Before the timetable leaves the border, where nothing boards: the fast journey was there earlier.
    assert (end.arrive_low_min, end.arrive_high_min) == (5_400, 24_030)
    assert [end.alight_min(times) for times in ("low", "typical", "high")] == [5_400, 18_000, 24_030]


def test_fast_journey_leaves_the_last_call_with_load_before_it_arrives(folder: NetworkFolder):
    folder.set("calls", 4, "arrive_low_h", "96.05")
    folder.set("calls", 3, "load", "yes")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("calls.csv", 4, "arrive_low_h")
    assert fault.reason == "is not after the departure of line 3 at 96.05 h, where cargo boards"


# Exceptions


def test_exceptions_name_a_scheduled_day_and_what_is_otherwise(network: Network):
    assert network.exceptions == (
        DepartureException(
            service_id=TRAIN,
            day=date(2025, 1, 7),
            effect="added",
            capacity=20,
            price_factor=Fraction(3, 2),
            time_shift_min=150,
            source="R1",
        ),
        DepartureException(service_id=TRAIN, day=date(2025, 1, 9), effect="cancelled", source="R1"),
        DepartureException(
            service_id=BARGE, day=date(2025, 1, 21), effect="changed", capacity=6_025, source="R1"
        ),
    )


def test_change_that_changes_nothing_is_refused(folder: NetworkFolder):
    folder.set("exceptions", 4, "capacity", "")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("exceptions.csv", 4, "effect", "changed")
    assert fault.reason == "nothing is changed"


def test_day_outside_the_dates_of_the_service_can_be_added_only(folder: NetworkFolder):
    folder.set("services", 2, "first_date", "2025-01-10")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("exceptions.csv", 3, "date", "2025-01-09")


def test_exception_of_a_service_with_a_faulty_calendar_is_not_judged(folder: NetworkFolder):
    folder.set("calendars", 2, "weekdays", "8")
    assert folder.only_fault().file == "calendars.csv"


# Throughput, allotments, closures


def test_throughput_is_whole_units_a_day(network: Network):
    monday, saturday, market = network.throughput
    assert monday == Throughput(
        place=PlaceId("RAIL-CN"), form="boxed", units_per_day=60, weekdays=(1, 2, 3), source="R1"
    )
    assert (saturday.units_per_day, saturday.weekdays) == (30, (6,))
    assert (market.form, market.weekdays) == ("loose", ())


def test_throughput_of_the_other_form_is_another_limit(folder: NetworkFolder):
    folder.copy("throughput", 2, form="loose")
    assert len(folder.read().throughput) == 4


def test_allotments_are_in_counting_units(network: Network):
    assert network.allotments == (
        Allotment(service_id=TRAIN, shipper="BYD", units=10, release_min=7_200, source="R1"),
        Allotment(service_id=TRAIN, shipper="SAIC", units=5, release_min=None, source="R1"),
        Allotment(service_id=BARGE, shipper="BYD", units=2_050, release_min=2_880, source="R1"),
    )


def test_allotments_of_the_whole_room_are_fine(folder: NetworkFolder):
    folder.set("allotments", 3, "units", "45")
    assert folder.read().allotments[1].units == 45


def test_nothing_can_be_kept_of_a_service_without_capacity(folder: NetworkFolder):
    folder.set("services", 3, "capacity", "")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("allotments.csv", 4, "units", "20.5")
    assert "BARGE has no capacity" in fault.reason


def test_closures_count_hours_in_minutes_and_factors_as_they_are(network: Network):
    closed, halved, slowed = network.closures
    assert closed == Closure(
        what="BORDER",
        first=date(2025, 9, 12),
        last=date(2025, 9, 25),
        effect="closed",
        spares=("BARGE", "road"),
        reason="Border shut",
        source="R1",
    )
    assert (halved.effect, halved.value, halved.spares) == ("capacity_factor", Fraction(1, 2), ())
    assert (slowed.what, slowed.effect, slowed.value) == ("BARGE", "extra_h", 750)


def test_spares_may_name_modes(folder: NetworkFolder):
    folder.set("closures", 2, "spares", "barge; container_ship")
    assert folder.read().closures[0].spares == ("barge", "container_ship")


def test_factor_needs_a_throughput_that_it_lowers(folder: NetworkFolder):
    folder.set("closures", 3, "what", "PORT-SEA")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("closures.csv", 3, "what", "PORT-SEA")
    assert "no throughput" in fault.reason


def test_factor_needs_a_capacity_that_it_lowers(folder: NetworkFolder):
    folder.remove("allotments", 4)
    folder.remove("exceptions", 4)
    folder.set("services", 3, "capacity", "")
    folder.set("closures", 3, "what", "BARGE")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("closures.csv", 3, "what", "BARGE")
    assert "no capacity" in fault.reason
    folder.set("calls", 5, "capacity_onward", "60")
    assert folder.read().closures[1].what == "BARGE"


# Charges, roads, vehicle types


def test_hours_of_a_charge_lengthen_the_handling(folder: NetworkFolder):
    folder.set("charges", 2, "hours", "1.5")
    slow, free = folder.read().charges
    assert (slow.handling_min, free.handling_min) == (90, 0)


def test_road_has_most_vehicles_a_day(folder: NetworkFolder):
    folder.set("roads", 2, "vehicles_per_day", "240")
    limited, free, _ = folder.read().roads
    assert (limited.vehicles_per_day, free.vehicles_per_day) == (240, None)


def test_most_charge_of_a_battery_is_percent(folder: NetworkFolder):
    folder.set("vehicle_types", 2, "max_state_of_charge", "65")
    types = folder.read().vehicle_types
    assert types[VehicleTypeId("SUV")].max_state_of_charge == 65
    assert types[VehicleTypeId("VAN")].max_state_of_charge is None


# Emissions


def test_emission_factors_are_exact_grams(network: Network):
    assert network.emission_factors[1] == EmissionFactor(
        emission_class="rail", per="feu_km", value=Fraction(1401, 2), year=2025, source="R1"
    )
    assert network.emission_factors[4].region == "West"
    assert network.services[TRAIN].emission_class == "rail"


def test_without_factors_neither_class_nor_length_is_asked_for(folder: NetworkFolder):
    folder.write("emission_factors", folder.text("emission_factors").splitlines()[0])
    folder.set("services", 2, "emission_class", "")
    folder.set("calls", 3, "km_from_previous", "")
    network = folder.read()
    assert (network.emission_factors, network.services[TRAIN].emission_class) == ((), "")


def test_service_that_can_carry_nothing_needs_no_class(folder: NetworkFolder):
    folder.remove("tariffs", 2)
    folder.set("services", 2, "emission_class", "")
    assert folder.read().services[TRAIN].emission_class == ""


@pytest.mark.parametrize(("region", "where"), [("", "every region"), ("West", "West")])
def test_two_factors_per_vehicle_of_a_class_are_refused(folder: NetworkFolder, region: str, where: str):
    added = folder.copy("emission_factors", 4, region=region, per="tkm", year="2020")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("emission_factors.csv", added, "per", "tkm")
    assert fault.reason == f"line 4 is another factor per vehicle for {where}: ceu_km"


def test_factors_of_a_box_and_of_a_vehicle_may_stand_together(folder: NetworkFolder):
    folder.copy("emission_factors", 3, per="tkm")
    folder.copy("emission_factors", 4, region="West")
    assert len(folder.read().emission_factors) == 7


def test_loose_service_needs_a_factor_per_vehicle(folder: NetworkFolder):
    folder.set("emission_factors", 4, "per", "feu_km")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("services.csv", 3, "emission_class")
    assert fault.reason == "river has no factor for places without a region and loose vehicles"


def test_every_leg_of_a_ride_needs_a_factor(folder: NetworkFolder):
    folder.remove("emission_factors", 3)
    folder.set("emission_factors", 2, "region", "West")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("services.csv", 2, "emission_class")
    assert fault.reason == "rail has no factor for places without a region and boxes or vehicles"


def test_ride_is_counted_per_box_or_per_vehicle_but_not_both(folder: NetworkFolder):
    folder.set("emission_factors", 2, "region", "West")
    folder.set("emission_factors", 3, "per", "tkm")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == ("services.csv", 2, "emission_class")
    assert "per box and per vehicle on one ride: places without a region and West" in fault.reason


def test_roads_without_a_factor_are_named_once_a_region_and_form(folder: NetworkFolder):
    folder.remove("emission_factors", 5, 6)
    folder.copy("roads", 3, from_place="PLANT")
    found = [(fault.file, fault.row, fault.column, fault.reason) for fault in folder.faults()]
    assert found == [
        ("roads.csv", 2, "to_place", "road has no factor for places without a region and loose vehicles"),
        ("roads.csv", 3, "to_place", "road has no factor for West and loose vehicles"),
        ("roads.csv", 4, "to_place", "road has no factor for West and boxes or vehicles"),
    ]


def test_what_a_faulty_factor_would_have_said_is_not_missed(folder: NetworkFolder):
    folder.set("emission_factors", 4, "value", "sixty")
    assert folder.only_fault().file == "emission_factors.csv"
