"""Every fault of a network folder: where it is found, what stands there, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from planner.reading import rows
from planner.reading.schema import describe_tables
from tests.reading.network_folder import TINY, NetworkFolder


@pytest.fixture
def folder(tmp_path: Path) -> NetworkFolder:
    return NetworkFolder(tmp_path / "net")


# One cell is changed and is the only fault: table, line, column, value, a part of the reason.
CELLS = [
    # numbers
    ("calls", 3, "km_from_previous", "3,590", "thousands separator"),
    ("calls", 3, "km_from_previous", "3_590", "thousands separator"),
    ("calls", 3, "km_from_previous", "3 590", "thousands separator"),
    ("calls", 3, "km_from_previous", "12.5", "whole number"),
    ("calls", 3, "km_from_previous", "-12", "negative"),
    ("calls", 3, "km_from_previous", "３５９０", "not a number"),
    ("tariffs", 2, "price", "1.200,50", "comma"),
    ("tariffs", 2, "price", "12,5", "comma"),
    ("tariffs", 2, "price", "NaN", "finite"),
    ("tariffs", 2, "price", "inf", "finite"),
    ("tariffs", 2, "price", "-Infinity", "finite"),
    ("tariffs", 2, "price", "1e309", "exponent"),
    ("tariffs", 2, "price", "5.9E3", "exponent"),
    ("tariffs", 2, "price", "-5900", "negative"),
    ("tariffs", 2, "price", "5900 USD", "not a number"),
    ("tariffs", 2, "price", "0x78", "not a number"),
    ("tariffs", 2, "price", "1" * 16, "too long"),
    ("vehicle_types", 2, "length_mm", "0", "below 1"),
    ("vehicle_types", 2, "ceu", "0", "above 0"),
    ("vehicle_types", 2, "ceu", "1.275", "two decimals"),
    ("vehicle_types", 2, "cbm", "0.00", "above 0"),
    ("fx", 5, "usd", "0", "above 0"),
    ("calls", 3, "arrive_h", "72.01", "minutes"),
    ("roads", 2, "hours", "0", "above 0"),
    ("roads", 2, "departs_every_h", "0", "above 0"),
    ("roads", 2, "departs_every_h", "0.33", "minutes"),
    ("roads", 2, "departs_every_h", "24.05", "above 24"),
    ("roads", 2, "km", "0", "below 1"),
    ("calls", 2, "cutoff_h", "-1", "negative"),
    ("calls", 4, "release_h", "-0.5", "negative"),
    ("places", 2, "lat", "113.97", "between -90 and 90"),
    ("places", 2, "lon", "-180.5", "between -180 and 180"),
    # days and times
    ("calendars", 2, "first_date", "01/02/2025", "ambiguous"),
    ("calendars", 2, "first_date", "2025-1-1", "ISO date"),
    ("calendars", 2, "first_date", "2025-02-29", "calendar"),
    ("calendars", 2, "first_date", "1925-01-01", "outside the years"),
    ("calendars", 2, "last_date", "2024-12-31", "before first_date"),
    ("calendars", 2, "local_time", "24:30", "time of day"),
    ("calendars", 2, "local_time", "8:30", "time of day"),
    ("calendars", 2, "weekdays", "0 4", "weekdays"),
    ("calendars", 2, "weekdays", "1 8", "weekdays"),
    ("calendars", 2, "weekdays", "1;4", "weekdays"),
    ("calendars", 2, "weekdays", "4 4", "twice"),
    ("calendars", 2, "every_weeks", "0", "below 1"),
    ("calendars", 3, "every_weeks", "53", "above 52"),
    ("calendars", 3, "anchor_date", "", "blank"),
    ("places", 2, "time_zone", "Asia/Zhengzhou", "time zone"),
    ("places", 2, "time_zone", "localtime", "time zone"),
    ("places", 2, "time_zone", "Asia", "time zone"),
    # duties
    ("duties", 2, "rate", "10", "is above 2"),
    ("duties", 2, "hs_code", "87.03", "no code of the Harmonized System"),
    ("duties", 2, "hs_code", "87038010100", "no code of the Harmonized System"),
    ("duties", 2, "countries", "DE;Austria", "Austria"),
    ("duties", 3, "last_date", "2024-12-31", "before first_date"),
    ("duties", 4, "shippers", "SAIC", "line 3 is the same duty"),
    ("vehicle_types", 2, "hs_code", "HS8703", "no code of the Harmonized System"),
    # words
    ("services", 3, "mode", "road", "not one of"),
    ("services", 3, "form", "rolled", "not one of"),
    ("places", 7, "kind", "seaport", "not one of"),
    ("places", 2, "country", "China", "country code"),
    ("services", 3, "accepts_dg", "TRUE", "not one of yes, no"),
    ("services", 3, "shippers", "BYD;;SAIC", "blank item"),
    ("services", 3, "shippers", "BYD;BYD", "twice"),
    ("handling", 2, "from_mode", "delivery", "not one of"),
    ("handling", 4, "to_mode", "origin", "not one of"),
    ("sources", 2, "grade", "E", "not one of"),
    ("places", 2, "name", "Pl\u200bant", "U+200B"),
    ("places", 2, "name", "", "blank"),
    ("tariffs", 2, "price", "", "blank"),
    ("tariffs", 2, "source", "", "blank"),
    ("tariffs", 2, "source", "estimate:", "does not say how"),
    ("tariffs", 2, "source", "R1 estimate: how", "no `;`"),
    # references
    ("calls", 3, "place_id", "BORDR", "places.place_id"),
    ("tariffs", 2, "source", "R1;R9", "R9 is not in sources.source_id"),
    ("tariffs", 2, "currency", "ERU", "fx.currency"),
    ("tariffs", 2, "currency", "usd", "currency code"),
    ("services", 2, "currency", "JPY", "fx.currency"),
    ("tariffs", 3, "applies_to", "SUVS", "vehicle_types.vehicle_type"),
    ("charges", 2, "place_or_country", "FR", "places.country"),
    ("handling", 2, "place_or_kind", "plants", "places.kind"),
    ("storage", 2, "place_or_kind", "RAIL", "places.place_id"),
    # what rows have to be to each other
    ("services", 2, "capacity_unit", "vehicle", "not counted in vehicle"),
    ("services", 3, "capacity_unit", "feu", "not counted in feu"),
    ("services", 2, "capacity", "54.5", "whole number of feu"),
    ("services", 2, "module_capacity", "5.5", "whole number of feu"),
    ("services", 2, "module_capacity", "0", "not above 0"),
    ("services", 2, "min_load", "5.5", "whole number of feu"),
    ("services", 2, "min_load", "56", "above the capacity of 55"),
    ("services", 2, "emission_class", "", "blank"),
    ("services", 2, "emission_class", "sea", "not in emission_factors"),
    ("calls", 3, "capacity_onward", "41.5", "whole number of feu"),
    ("calls", 2, "arrive_h", "1", "not 0 at the first call"),
    ("calls", 2, "depart_h", "1", "not 0 at the first call"),
    ("calls", 2, "depart_h", "", "blank"),
    ("calls", 2, "unload", "yes", "first call"),
    ("calls", 3, "arrive_h", "0", "not after the departure of line 2"),
    ("calls", 3, "arrive_h", "", "blank"),
    ("calls", 3, "depart_h", "", "blank"),
    ("calls", 3, "depart_h", "71", "before the arrival"),
    ("calls", 4, "arrive_h", "96.05", "not after the departure of line 3"),
    ("calls", 4, "arrive_h", "", "blank"),
    ("calls", 4, "depart_h", "301", "not the arrival at the last call"),
    ("calls", 4, "load", "yes", "last call"),
    ("calls", 4, "capacity_onward", "41", "no leg after"),
    ("calls", 3, "arrive_low_h", "72.05", "is after arrive_h 72"),
    ("calls", 3, "arrive_low_h", "0", "not after the departure of line 2"),
    ("calls", 3, "arrive_high_h", "71.95", "is before arrive_h 72"),
    ("calls", 2, "arrive_high_h", "1", "not 0 at the first call"),
    ("calls", 3, "km_from_previous", "", "blank"),
    ("exceptions", 2, "date", "2025-01-06", "leaves on 2025-01-06 anyway"),
    ("exceptions", 3, "date", "2025-01-10", "no calendar lets TRAIN leave on 2025-01-10"),
    ("exceptions", 4, "date", "2025-01-14", "no calendar lets BARGE leave on 2025-01-14"),
    ("exceptions", 4, "date", "2025-12-31", "no calendar lets BARGE leave"),
    ("exceptions", 2, "capacity", "20.5", "whole number of feu"),
    ("exceptions", 2, "price_factor", "0", "above 0"),
    ("exceptions", 3, "price_factor", "1.5", "cancelled departure"),
    ("exceptions", 2, "service_id", "TRAM", "services.service_id"),
    ("tariffs", 2, "from_place", "BORDER", "no ride of TRAIN boards there"),
    ("tariffs", 2, "from_place", "RAIL-EU", "no ride of TRAIN boards there"),
    ("tariffs", 2, "to_place", "BORDER", "no ride of TRAIN goes there from RAIL-CN"),
    ("tariffs", 2, "to_place", "RAIL-CN", "no ride of TRAIN goes there from RAIL-CN"),
    ("tariffs", 5, "per", "feu", "no boxes"),
    ("tariffs", 5, "applies_to", "all", "line 4 is a freight price of the same ride for SUV"),
    ("tariffs", 5, "applies_to", "dg", "line 4 is a freight price of the same ride for SUV"),
    ("tariffs", 5, "applies_to", "SUV", "line 4 is a freight price of the same ride for SUV"),
    ("roads", 2, "to_place", "PLANT", "ends where it starts"),
    ("roads", 2, "per", "feu", "nothing is boxed"),
    ("handling", 2, "per", "feu", "nothing is boxed"),
    ("vehicle_types", 3, "loose_allowed", "no", "neither loose nor boxed"),
    ("vehicle_types", 3, "max_state_of_charge", "101", "above 100"),
    ("throughput", 3, "weekdays", "3 4", "line 2 speaks of the same place and form on weekday 3"),
    ("throughput", 3, "weekdays", "", "line 2 speaks of the same place and form on weekday 1"),
    ("throughput", 2, "units_per_day", "1.5", "whole number"),
    ("throughput", 2, "place_id", "RAIL", "places.place_id"),
    ("allotments", 2, "units", "1.5", "whole number of feu"),
    ("allotments", 3, "units", "46", "allotments of TRAIN up to here are 56, its capacity is 55"),
    ("allotments", 4, "shipper", "Chery", "may not use BARGE"),
    ("closures", 2, "what", "BORDR", "places.place_id or services.service_id"),
    ("closures", 2, "last", "2025-09-12", "not after first 2025-09-12"),
    ("closures", 2, "value", "1", "closed has no value"),
    ("closures", 2, "spares", "BARGE;tram", "tram is not in services.service_id or services.mode or road"),
    ("closures", 3, "value", "", "blank"),
    ("closures", 3, "value", "0", "above 0"),
    ("closures", 3, "value", "1.01", "above 1"),
    ("closures", 3, "spares", "TRAIN", "nobody can be exempt"),
    ("closures", 4, "spares", "TRAIN", "nobody can be exempt"),
    ("closures", 4, "value", "", "blank"),
    ("closures", 4, "value", "0.01", "whole number of minutes"),
    ("closures", 4, "reason", "", "blank"),
    ("emission_factors", 2, "value", "0", "above 0"),
    ("emission_factors", 6, "region", "East", "places.region"),
    ("fx", 2, "usd", "1.01", "not 1 USD"),
]


@pytest.mark.parametrize("case", CELLS, ids=lambda case: f"{case[0]}-{case[2]}-{case[3]!a}")
def test_bad_cell_is_the_one_fault_reported(folder: NetworkFolder, case: tuple[str, int, str, str, str]):
    table, line, column, value, reason = case
    folder.set(table, line, column, value)
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == (f"{table}.csv", line, column, value)
    assert reason in fault.reason


# What is described but not obeyed is refused; the description is made to say so of a table, a column, a word.


@pytest.fixture
def half_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(describe_tables())
    storage = tables["storage"]
    once = replace(storage.columns["once"], obeyed=False)
    tables["storage"] = replace(storage, columns={**storage.columns, "once": once})
    tables["closures"] = replace(tables["closures"], obeyed=False)
    charges = tables["charges"]
    when = replace(charges.columns["when"], not_obeyed_words=("export",))
    tables["charges"] = replace(charges, columns={**charges.columns, "when": when})
    monkeypatch.setattr(rows, "describe_tables", lambda: tables)


@pytest.mark.usefixtures("half_obeyed")
def test_filled_cells_and_rows_that_are_not_obeyed_are_refused_by_name(folder: NetworkFolder):
    found = [(fault.file, fault.row, fault.column, fault.reason) for fault in folder.faults()]
    assert found == [
        ("storage.csv", 3, "once", "storage.once is not obeyed yet"),
        ("closures.csv", 2, None, "closures is not obeyed yet"),
    ]


@pytest.mark.usefixtures("half_obeyed")
def test_column_and_table_that_are_not_obeyed_may_be_there_if_blank(folder: NetworkFolder):
    folder.set("storage", 3, "once", " ")
    folder.write("closures", folder.text("closures").splitlines()[0])
    assert folder.read().closures == ()


@pytest.mark.usefixtures("half_obeyed")
def test_word_that_is_not_obeyed_is_refused_by_name(folder: NetworkFolder):
    for line in (2, 3):
        folder.set("storage", line, "once", "")
    folder.write("closures", folder.text("closures").splitlines()[0])
    folder.set("charges", 2, "when", "export")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("charges.csv", 2, "when", "export")
    assert fault.reason == "charges.when = export is not obeyed yet"


def test_every_table_and_column_is_obeyed():
    for table in describe_tables().values():
        assert table.obeyed, table.name
        columns = table.columns.values()
        assert [column.name for column in columns if not column.obeyed or column.not_obeyed_words] == []


# Rows that are there twice


@pytest.mark.parametrize(
    ("table", "line", "changes", "column"),
    [
        ("places", 2, {"name": "Other"}, "place_id"),
        ("services", 2, {"name": "Other"}, "service_id"),
        ("calls", 3, {"arrive_h": "80"}, "seq"),
        ("vehicle_types", 2, {"name": "Other"}, "vehicle_type"),
        ("sources", 2, {"title": "Other"}, "source_id"),
        ("fx", 5, {"usd": "1.2"}, "date"),
        ("roads", 2, {"km": "6"}, "form"),
        ("storage", 2, {"price_per_day": "6"}, "from_h"),
        ("handling", 3, {"hours": "6"}, "to_form"),
        ("exceptions", 2, {"capacity": "6"}, "date"),
        ("allotments", 2, {"units": "6"}, "shipper"),
        ("emission_factors", 2, {"value": "6"}, "year"),
    ],
)
def test_two_rows_with_one_key_are_refused(
    folder: NetworkFolder, table: str, line: int, changes: dict[str, str], column: str
):
    added = folder.copy(table, line, **changes)
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column) == (f"{table}.csv", added, column)
    assert f"same as in line {line}" in fault.reason


@pytest.mark.parametrize(("table", "line"), [("tariffs", 3), ("charges", 2), ("calendars", 2)])
def test_row_that_says_the_same_but_for_its_remarks_is_refused(folder: NetworkFolder, table: str, line: int):
    added = folder.copy(table, line, source="estimate: again", note="again")
    fault = folder.only_fault()
    assert (fault.file, fault.row) == (f"{table}.csv", added)
    assert f"same as line {line}" in fault.reason


def test_surcharges_of_one_ride_may_differ_in_price(folder: NetworkFolder):
    folder.copy("tariffs", 3, price="0.003")
    assert len(folder.read().tariffs) == 5


# What rows have to be to each other, beyond one cell


@pytest.mark.parametrize(
    ("table", "line", "reason"),
    [("calls", (2, 3, 4), "no calls"), ("calls", (3, 4), "one call"), ("calendars", (2,), "no calendar")],
)
def test_service_without_calls_or_calendar_is_refused(
    folder: NetworkFolder, table: str, line: tuple[int, ...], reason: str
):
    folder.remove(table, *line)
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("services.csv", 2, "service_id", "TRAIN")
    assert reason in fault.reason


def test_service_that_ends_before_it_starts_is_refused(folder: NetworkFolder):
    folder.set("services", 3, "first_date", "2025-12-31")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == (
        "services.csv",
        3,
        "last_date",
        "2025-12-30",
    )
    assert "before first_date 2025-12-31" in fault.reason


def test_every_second_week_needs_an_anchor(folder: NetworkFolder):
    folder.set("calendars", 2, "every_weeks", "2")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("calendars.csv", 2, "anchor_date", "")


def test_two_times_on_one_day_are_refused(folder: NetworkFolder):
    dates = {"first_date": "2025-12-30", "last_date": "2026-01-31"}
    added = folder.copy("calendars", 2, weekdays="4", local_time="20:00", **dates)
    folder.set("calendars", 2, "last_date", "2026-01-31")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == (
        "calendars.csv",
        added,
        "local_time",
        "20:00",
    )
    assert "2026-01-01 has another departure at 08:30 (line 2)" in fault.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"weekdays": "5", "local_time": "20:00"},
        {"local_time": "20:00", "first_date": "2026-01-01", "last_date": "2026-12-31"},
        {"weekdays": "1", "first_date": "2025-02-01"},
    ],
)
def test_calendars_of_other_days_or_of_the_same_time_are_fine(folder: NetworkFolder, changes: dict[str, str]):
    folder.copy("calendars", 2, **changes)
    assert len(folder.read().services) == 2


def test_alternating_weeks_may_have_different_times(folder: NetworkFolder):
    added = folder.copy(
        "calendars", 3, anchor_date="2025-01-14", local_time="20:00", first_date="", last_date=""
    )
    assert folder.read()
    folder.set("calendars", added, "anchor_date", "2025-01-21")
    fault = folder.only_fault()
    assert (fault.row, fault.column) == (added, "local_time")
    assert "2025-01-07" in fault.reason


def test_weeks_that_meet_only_now_and_then_still_meet(folder: NetworkFolder):
    folder.set("calendars", 3, "every_weeks", "3")
    added = folder.copy("calendars", 3, every_weeks="2", anchor_date="2025-01-14", local_time="20:00")
    fault = folder.only_fault()
    assert fault.row == added
    assert "2025-01-28" in fault.reason  # weeks 0, 3 of the one and 1, 3 of the other


def test_freight_for_all_and_for_one_type_overlap(folder: NetworkFolder):
    added = folder.copy("tariffs", 2, applies_to="VAN", price="5000")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("tariffs.csv", added, "applies_to", "VAN")
    assert "line 2" in fault.reason


def test_freight_of_days_that_meet_is_refused_with_the_first_of_them(folder: NetworkFolder):
    folder.set("tariffs", 2, "last_date", "2025-06-30")
    added = folder.copy("tariffs", 2, price="5000", first_date="2025-06-30", last_date="")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("tariffs.csv", added, "applies_to", "")
    assert fault.reason == "line 2 is a freight price of the same ride for all on 2025-06-30"


def test_freight_of_other_days_is_another_price(folder: NetworkFolder):
    folder.set("tariffs", 2, "last_date", "2025-06-30")
    folder.copy("tariffs", 2, price="5000", first_date="2025-07-01", last_date="")
    summer, autumn = (row for row in folder.read().tariffs if row.service_id == "TRAIN" and row.per == "feu")
    assert (summer.first_date, summer.last_date) == (None, date(2025, 6, 30))
    assert (autumn.first_date, autumn.last_date) == (date(2025, 7, 1), None)


def test_tariff_that_ends_before_it_starts_is_refused(folder: NetworkFolder):
    folder.set("tariffs", 2, "first_date", "2025-07-02")
    folder.set("tariffs", 2, "last_date", "2025-07-01")
    fault = folder.only_fault()
    assert (fault.row, fault.column, fault.reason) == (2, "last_date", "is before first_date 2025-07-02")


def test_freight_for_dangerous_types_and_another_type_do_not_overlap(folder: NetworkFolder):
    folder.set("tariffs", 4, "applies_to", "dg")
    assert len(folder.read().tariffs) == 4


@pytest.mark.parametrize("form", ["", "loose"])
def test_charge_per_box_needs_the_boxed_form(folder: NetworkFolder, form: str):
    folder.set("charges", 3, "form", form)
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("charges.csv", 3, "per", "feu")
    assert "per box" in fault.reason
    assert fault.hint == "form has to be boxed"


@pytest.mark.parametrize("mode", ["", "road"])
def test_price_per_part_is_of_main_rides(folder: NetworkFolder, mode: str):
    folder.set("charges", 2, "per", "part")
    folder.set("charges", 2, "mode", mode)
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("charges.csv", 2, "mode", mode)
    assert fault.reason == "a price per part is of main rides: vehicles of one part may go by different roads"
    assert fault.hint == "name a mode that is not road, one row for each mode"


@pytest.mark.parametrize("when", ["load", "unload", "pass", "import", "export"])
def test_price_per_part_may_be_met_on_any_occasion(folder: NetworkFolder, when: str):
    for column, value in {"per": "part", "mode": "barge", "when": when, "price": "70"}.items():
        folder.set("charges", 2, column, value)
    charge = folder.read().charges[0]
    assert (charge.per, charge.mode, charge.when) == ("part", "barge", when)
    assert charge.price == 7_000 * Fraction(116, 100)  # EUR


@pytest.mark.parametrize("form", ["", "loose"])
def test_storage_per_teu_needs_the_boxed_form(folder: NetworkFolder, form: str):
    folder.set("storage", 2, "form", form)
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("storage.csv", 2, "per", "teu")
    assert "per box" in fault.reason


def test_storage_of_both_forms_and_of_one_form_overlap(folder: NetworkFolder):
    added = folder.copy("storage", 2, form="", per="vehicle")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("storage.csv", added, "from_h", "72")
    assert "line 2" in fault.reason


def test_storage_of_the_two_forms_may_start_alike(folder: NetworkFolder):
    folder.copy("storage", 2, form="loose", per="cbm")
    assert len(folder.read().storage) == 3


def test_road_per_box_needs_the_boxed_form(folder: NetworkFolder):
    folder.remove("roads", 3)
    folder.set("roads", 3, "form", "loose")
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == ("roads.csv", 3, "per", "feu")


@pytest.mark.parametrize(
    "changes",
    [{"from_mode": "road", "to_mode": ""}, {"from_mode": "road"}, {"place_or_kind": "rail_terminal"}],
)
def test_handling_rows_of_different_rank_may_fit_one_change(folder: NetworkFolder, changes: dict[str, str]):
    folder.copy("handling", 3, **changes)
    assert len(folder.read().handling) == 4


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("vehicle_types", "vehicle_type", "dg"),
        ("places", "place_id", "border"),
        ("places", "place_id", "CN"),
        ("places", "place_id", "BARGE"),
    ],
)
def test_name_that_stands_for_something_else_is_refused(
    folder: NetworkFolder, table: str, column: str, value: str
):
    added = folder.copy(table, 3, **{column: value})
    fault = folder.only_fault()
    assert (fault.file, fault.row, fault.column, fault.value) == (f"{table}.csv", added, column, value)
    assert "something else" in fault.reason


@pytest.mark.parametrize(("currency", "reason"), [("GBP", "no rate"), ("usd", "currency code")])
def test_unknown_reporting_currency_is_refused(folder: NetworkFolder, currency: str, reason: str):
    fault = folder.only_fault(currency)
    assert (fault.file, fault.value) == ("fx.csv", currency)
    assert reason in fault.reason


def test_unknown_id_is_refused_with_the_nearest_one(folder: NetworkFolder):
    folder.set("calls", 2, "place_id", "RAILCN")
    assert folder.only_fault().hint == "did you mean RAIL-CN?"


def test_every_unknown_id_is_refused_though_not_every_one_gets_a_hint(folder: NetworkFolder):
    rows = [f"PLANT{n},MARKET,loose,5,1,,,vehicle,1,EUR,R1" for n in range(300)]
    folder.write("roads", folder.text("roads") + "\n".join(rows))
    faults = folder.faults()
    assert [fault.row for fault in faults] == list(range(5, 305))
    assert faults[0].hint == "did you mean PLANT?"


def test_fault_of_a_place_is_no_fault_of_the_rows_that_name_it(folder: NetworkFolder):
    folder.set("places", 3, "lat", "north")
    assert folder.only_fault().column == "lat"


def test_fault_of_a_service_is_no_fault_of_its_tariffs(folder: NetworkFolder):
    folder.set("services", 2, "capacity", "many")
    assert folder.only_fault().column == "capacity"


def test_builder_has_a_line_for_every_table():
    assert set(TINY) == set(describe_tables())
