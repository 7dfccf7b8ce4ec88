"""Reading a whole network: the values it gets, the files it takes, and every fault at once."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date, time
from fractions import Fraction
from pathlib import Path

import pytest

from planner.clock import local_minutes
from planner.errors import InputError
from planner.model import Charge, Handling, Network, PlaceId, ServiceId, VehicleTypeId
from planner.reading.describe import TYPES, describe
from planner.reading.rows import PARSERS
from planner.reading.schema import describe_tables
from planner.reading.tables import read_network
from tests.reading.network_folder import TINY, NetworkFolder

BOM = b"\xef\xbb\xbf"


@pytest.fixture
def folder(tmp_path: Path) -> NetworkFolder:
    return NetworkFolder(tmp_path / "net")


@pytest.fixture
def network(folder: NetworkFolder) -> Network:
    return folder.read()


def test_places_keep_their_names_and_clocks(network: Network):
    plant = network.places[PlaceId("PLANT")]
    assert (plant.name, plant.name_zh, plant.aliases) == ("Plant", "工厂", ("Works", "Old works"))
    assert (plant.kind, plant.country, plant.time_zone) == ("plant", "CN", "Asia/Shanghai")
    assert (plant.lat, plant.lon) == (34.4, 113.97)
    assert network.places[PlaceId("MARKET")].lon == -6.8
    assert plant.source == "estimate: made up"
    assert list(network.places) == ["PLANT", "RAIL-CN", "BORDER", "RAIL-EU", "PORT-CN", "PORT-SEA", "MARKET"]


def test_boxed_capacity_is_in_boxes_and_ceu_in_hundredths(network: Network):
    train, barge = network.services[ServiceId("TRAIN")], network.services[ServiceId("BARGE")]
    assert (train.form, train.capacity, train.capacity_unit) == ("boxed", 55, "feu")
    assert [train.leg_capacity(leg) for leg in (0, 1)] == [55, 41]
    assert (barge.form, barge.capacity, barge.capacity_unit) == ("loose", 12_050, "ceu")


def test_blank_cells_of_a_service_are_its_defaults(network: Network):
    train, barge = network.services[ServiceId("TRAIN")], network.services[ServiceId("BARGE")]
    assert (train.bookable, train.shippers, train.accepts_dg, train.max_mass_kg) == (True, (), True, None)
    assert (barge.bookable, barge.shippers, barge.accepts_dg) == (True, ("BYD", "SAIC"), False)
    assert (barge.max_mass_kg, barge.last_date) == (2500, date(2025, 12, 30))


def test_calls_are_whole_minutes_from_the_first_departure(network: Network):
    start, border, end = network.services[ServiceId("TRAIN")].calls
    assert (start.arrive_min, start.depart_min, start.load, start.unload) == (0, 0, True, False)
    assert (start.cutoff_min, start.release_min, start.capacity_onward) == (1_440, 0, None)
    assert (border.arrive_min, border.depart_min, border.load, border.unload) == (4_320, 5_763, False, False)
    assert (border.km_from_previous, border.capacity_onward) == (3590, 41)
    assert (end.arrive_min, end.depart_min, end.release_min) == (18_000, 18_000, 750)


def test_calls_are_in_the_order_of_their_numbers(folder: NetworkFolder):
    folder.write("calls", "\n".join([folder.text("calls").splitlines()[at] for at in (0, 3, 5, 1, 4, 2)]))
    calls = folder.read().services[ServiceId("TRAIN")].calls
    assert [(call.seq, call.place) for call in calls] == [(10, "RAIL-CN"), (20, "BORDER"), (30, "RAIL-EU")]


def test_calendars_are_dates_and_times_of_the_first_call(network: Network):
    (train,) = network.services[ServiceId("TRAIN")].calendars
    assert (train.weekdays, train.every_weeks, train.anchor_date) == ((1, 4), 1, None)
    assert (train.local_time, train.first_date) == (time(8, 30), date(2025, 1, 1))
    (barge,) = network.services[ServiceId("BARGE")].calendars
    assert (barge.every_weeks, barge.anchor_date) == (2, date(2025, 1, 7))


def test_prices_are_exact_cents_at_the_newest_rate(network: Network):
    freight, insurance, per_ceu, per_van = network.tariffs
    assert (freight.price, freight.per, freight.applies_to, freight.minimum) == (590_000, "feu", "all", None)
    assert (insurance.price, insurance.per) == (Fraction(2, 1000), "value")  # a share is no money
    assert insurance.minimum == Fraction(150) * Fraction(116, 100)
    assert per_ceu.price == Fraction(33_333) * Fraction(141, 1000)  # 2026, though the older row stands below
    assert (per_ceu.applies_to, per_van.applies_to) == ("SUV", "VAN")


def test_another_reporting_currency_is_exact_too(folder: NetworkFolder):
    network = folder.read("CNY")
    assert network.tariffs[0].price == Fraction(590_000) / Fraction(141, 1000)
    assert network.tariffs[2].price == 33_333
    assert network.vehicle_types[VehicleTypeId("SUV")].typical_value_cents == Fraction(
        2_100_000 * 116 * 10, 141
    )


def test_rate_of_a_day_is_the_last_until_then(folder: NetworkFolder):
    folder.set("fx", 5, "date", "2024-11-12")
    for day in (date(2024, 11, 12), date(2026, 2, 28)):
        assert folder.read("USD", day).tariffs[2].price == Fraction(33_333) * Fraction(1391, 10_000)
    assert folder.read("USD", date(2026, 3, 1)).tariffs[2].price == Fraction(33_333) * Fraction(141, 1000)


def test_currency_without_a_rate_by_the_day_is_refused(folder: NetworkFolder):
    fault = folder.only_fault("USD", date(2025, 1, 1))
    assert (fault.file, fault.row, fault.column, fault.value) == ("fx.csv", 5, "date", "2026-03-01")
    assert fault.reason == "EUR has no rate on or before 2025-01-01"
    assert [fault.row for fault in folder.faults("USD", date(2024, 11, 11))] == [2, 4, 5]


def test_charges_and_handling_keep_what_their_blanks_mean(network: Network):
    assert network.charges == (
        Charge(place_or_country="DE", when="import", per="vehicle", price=Fraction(5_800), source="R1"),
        Charge(
            place_or_country="BORDER",
            when="pass",
            mode="rail",
            form="boxed",
            per="feu",
            price=Fraction(10_000),
            source="R1",
        ),
    )
    assert network.handling[1] == Handling(
        place_or_kind="RAIL-CN",
        from_mode="",
        to_mode="rail",
        from_form="loose",
        to_form="boxed",
        handling_min=720,
        per="feu",
        price=Fraction(90_000) * Fraction(141, 1000),
        source="R1",
    )
    assert (network.handling[0].from_mode, network.handling[0].price) == ("origin", 0)


def test_roads_leave_once_a_day_and_short_ones_every_six_hours(network: Network):
    short, long, half_hourly = network.roads
    assert (short.km, short.departs_every_min, short.first_local_time) == (5, 360, time(0, 0))
    assert (long.km, long.departs_every_min, long.first_local_time) == (200, 1_440, time(7, 0))
    assert (long.travel_min, long.price) == (270, Fraction(6_960))
    assert (half_hourly.departs_every_min, half_hourly.form, half_hourly.per) == (30, "boxed", "feu")


def test_storage_tiers_start_in_minutes(network: Network):
    first, second = network.storage
    assert (first.from_min, first.per, first.form, first.max_dwell_min) == (4_320, "teu", "boxed", 43_200)
    assert (first.price_per_day, first.once) == (1_160, 0)
    assert (second.price_per_day, second.once, second.max_dwell_min) == (2_320, 4_060, None)


def test_vehicle_types_count_space_in_hundredths(network: Network):
    suv, van = network.vehicle_types.values()
    assert (suv.cbm100, suv.ceu100, suv.vehicles_per_feu, suv.is_dangerous) == (1_350, 127, 3, True)
    assert (van.cbm100, van.ceu100, van.vehicles_per_feu, van.is_dangerous) == (1_539, 140, 0, False)
    assert (suv.length_mm, suv.width_mm, suv.height_mm, suv.mass_kg) == (4455, 1875, 1615, 1750)
    assert (suv.unit_name, suv.loose_allowed, suv.typical_value_cents) == ("vehicle", True, 2_436_000)


def test_timetable_ends_after_the_last_day_on_the_clock_of_the_first_call(network: Network):
    assert network.timetable_end_min == local_minutes(date(2026, 1, 1), time(0, 0), "Asia/Shanghai")


def test_departure_added_after_the_last_day_does_not_move_the_end(folder: NetworkFolder):
    folder.set("exceptions", 2, "date", "2026-06-01")
    assert folder.read().timetable_end_min == local_minutes(date(2026, 1, 1), time(0, 0), "Asia/Shanghai")


def test_timetable_has_no_end_if_a_calendar_has_none(folder: NetworkFolder):
    folder.set("calendars", 2, "last_date", "")
    assert folder.read().timetable_end_min is None


def test_timetable_ends_with_the_service_where_its_calendar_has_no_end(folder: NetworkFolder):
    folder.set("calendars", 3, "last_date", "")
    assert folder.read().timetable_end_min == local_minutes(date(2026, 1, 1), time(0, 0), "Asia/Shanghai")


def test_sources_are_known_with_their_grade(network: Network):
    (source,) = network.sources.values()
    assert (source.id, source.title, source.grade, source.date) == ("R1", "A report", "B", "2025-09")


def test_observations_are_read_with_prices_in_cents_of_the_reporting_currency(network: Network):
    days, price, length = network.observations
    assert (days.low, days.high, days.service_id, days.group) == (Fraction(25, 2), 13, "TRAIN", "table")
    assert (price.low, price.per, price.day) == (700 * Fraction("0.141") * 100, "feu", "2025-06-01")
    assert (length.service_id, length.low, length.group) == (None, Fraction("9000.5"), "claim")


def test_every_row_says_where_it_is_from(folder: NetworkFolder, network: Network):
    for table, cells in network.row_sources.items():
        assert len(cells) == len(folder.text(table).splitlines()) - 1, table
        assert all(cell.startswith(("R1", "estimate:")) for cell in cells), table
    assert "tables" not in network.row_sources


def test_digest_is_of_the_names_and_bytes_of_the_tables(folder: NetworkFolder, network: Network):
    expected = hashlib.sha256()
    for name in sorted(TINY):
        content = folder.file(name).read_bytes()
        expected.update(f"{name} {len(content)}\n".encode() + content)
    assert network.digest == expected.hexdigest()
    (folder.path / "README.md").write_text("no table")
    assert folder.read().digest == network.digest
    folder.set("sources", 2, "title", "Another report")
    assert folder.read().digest != network.digest


def test_byte_order_mark_and_carriage_returns_change_nothing(folder: NetworkFolder, network: Network):
    for name in TINY:
        folder.file(name).write_bytes(BOM + folder.text(name).replace("\n", "\r\n").encode())
    again = folder.read()
    assert (again.places, again.tariffs, again.services) == (
        network.places,
        network.tariffs,
        network.services,
    )


def test_blanks_around_cells_and_lines_without_content_change_nothing(
    folder: NetworkFolder, network: Network
):
    lines = folder.text("fx").replace(",", " , ").splitlines()
    folder.write("fx", "\n,,,\n\n".join(lines) + "\n\n")
    assert folder.read().tariffs == network.tariffs


def test_columns_may_stand_in_any_order(folder: NetworkFolder, network: Network):
    turned = [",".join(reversed(line.split(","))) for line in folder.text("fx").splitlines()]
    folder.write("fx", "\n".join(turned))
    assert folder.read().tariffs == network.tariffs


def test_optional_tables_may_be_absent(folder: NetworkFolder):
    for name in ("exceptions", "charges", "roads", "storage", "throughput", "allotments"):
        folder.file(name).unlink()
    for name in ("emission_factors", "closures"):
        folder.file(name).unlink()
    network = folder.read()
    assert (network.exceptions, network.charges, network.roads, network.storage) == ((), (), (), ())
    assert (network.throughput, network.allotments) == ((), ())
    assert (network.emission_factors, network.closures) == ((), ())


def test_table_with_a_header_only_is_empty(folder: NetworkFolder):
    folder.write("roads", folder.text("roads").splitlines()[0])
    folder.write("closures", folder.text("closures").splitlines()[0])
    network = folder.read()
    assert (network.roads, network.closures) == ((), ())


def test_every_row_may_carry_a_note(folder: NetworkFolder, network: Network):
    for name in TINY:
        folder.set(name, 2, "note", "checked by phone")
    assert folder.read().services == network.services


def test_ride_without_freight_is_no_fault(folder: NetworkFolder):
    folder.remove("tariffs", 2)
    assert len(folder.read().tariffs) == 3


def test_all_faults_of_all_tables_are_reported_at_once(folder: NetworkFolder):
    folder.set("places", 2, "time_zone", "Asia/Zhengzhou")
    folder.set("places", 3, "lat", "123")
    folder.set("services", 3, "max_mass_kg", "2,500")
    folder.set("calls", 3, "place_id", "BORDR")
    folder.set("tariffs", 2, "price", "-1")
    folder.set("tariffs", 3, "currency", "ERU")
    folder.set("handling", 2, "hours", "1e1")
    folder.set("vehicle_types", 3, "loose_allowed", "no")
    folder.file("calendars").unlink()
    (folder.path / "tarifs.csv").write_text("x\n")
    found = [(fault.file, fault.row, fault.column) for fault in folder.faults()]
    assert found == [
        ("places.csv", 2, "time_zone"),
        ("places.csv", 3, "lat"),
        ("services.csv", 3, "max_mass_kg"),
        ("calls.csv", 3, "place_id"),
        ("calendars.csv", None, None),
        ("tariffs.csv", 2, "price"),
        ("tariffs.csv", 3, "currency"),
        ("handling.csv", 2, "hours"),
        ("vehicle_types.csv", 3, "loose_allowed"),
        ("tarifs.csv", None, None),
    ]


def test_faults_read_as_sentences(folder: NetworkFolder):
    folder.set("calls", 3, "place_id", "BORDR")
    with pytest.raises(InputError) as caught:
        folder.read()
    expected = (
        "calls.csv, line 3, column place_id: 'BORDR': BORDR is not in places.place_id (did you mean BORDER?)"
    )
    assert str(caught.value) == expected


def test_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(InputError, match="nowhere: there is no such folder"):
        read_network(tmp_path / "nowhere")


def test_reader_imports_neither_pandas_nor_a_solver():
    heavy = "{'pandas', 'ortools', 'numpy', 'networkx', 'pydantic'}"
    code = f"import sys, planner.reading.tables; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_data_page_is_made_from_the_description(root: Path):
    assert (root / "docs" / "data.md").read_text(encoding="utf-8") == describe()


def test_data_page_is_written_where_it_is_wanted(tmp_path: Path):
    page = tmp_path / "data.md"
    done = subprocess.run(
        [sys.executable, "-m", "planner.reading.describe", str(page)], capture_output=True, check=True
    )
    assert (done.stdout, page.read_text(encoding="utf-8")) == (b"", describe())


def test_description_names_known_types_references_and_defaults():
    tables = describe_tables()
    assert {*PARSERS, "choice"} == set(TYPES)
    for table in tables.values():
        for column in table.columns.values():
            where = f"{table.name}.{column.name}"
            assert column.type in TYPES, where
            assert bool(column.choices) == (column.type == "choice"), where
            assert not (column.required and column.default), where
            if column.default:
                PARSERS[column.type](column.default)
            for reference in column.references:
                name, _, referred = reference.partition(".")
                assert not referred or referred in tables[name].columns, where
            assert set(column.not_obeyed_words) <= set(column.choices), where
        assert table.columns["note"].type == "text"
        assert ("source" in table.columns) == (table.name != "sources")


def test_shipped_network_has_no_faults_and_an_end(root: Path):
    shipped = read_network()
    assert shipped.digest == read_network(root / "network_data").digest
    assert shipped.services
    assert shipped.timetable_end_min is not None


def test_shipped_network_can_be_reported_in_each_of_its_currencies():
    for currency in ("USD", "EUR", "CNY"):
        assert read_network(currency=currency).tariffs
