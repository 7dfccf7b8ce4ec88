"""The workbook of a plan as spreadsheets read it, and the booking sheet as CSV."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from planner.render.document import plan_document
from planner.render.room_views import bookings_view
from planner.render.run_record import RunRecord
from planner.render.views import DAY, DECIMAL, MONEY, TIME, WHOLE, Column, View, view_csv
from planner.render.workbook import plan_workbook
from planner.render.xlsx import xlsx_bytes
from tests.render.sample_plan import BLEND_PLAN, PLAN, PROBLEM, RESULT

SHEETS = [
    *("Summary", "Batches", "Itineraries", "Stages", "Cost lines", "Departures", "Days"),
    *("Booking sheet", "Left out", "Run record"),
]


@pytest.fixture(scope="module")
def content():
    return plan_workbook(PROBLEM, PLAN, plan_document(PROBLEM, RESULT, RunRecord()))


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(book, name):
    """Rows of a sheet by heading."""
    heading, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def sheet_of(*columns_and_cells):
    """The first row below the heading of a sheet of one row."""
    columns, cells = zip(*columns_and_cells, strict=True)
    view = View("One", columns, [cells])
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes([view])))["One"][2]


def test_every_view_has_its_sheet(book):
    assert book.sheetnames == SHEETS


def test_another_program_reads_the_same_sheets(content):
    other = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert other.sheet_names == SHEETS
    assert other.get_sheet_by_name("Batches").to_python()[1][0] == "B-1"


def test_headings_stay_in_sight_and_columns_are_wide_enough(book):
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet["A1"].font.bold
        for cell in sheet[1]:
            assert sheet.column_dimensions[cell.column_letter].width >= len(cell.value)


def test_the_sheets_add_up_to_the_plan(book):
    cents = PLAN.cents
    for name, column in (("Batches", "cost USD"), ("Itineraries", "cost USD"), ("Cost lines", "USD")):
        assert round(sum(row[column] for row in rows_of(book, name)) * 100) == cents, name
    assert sum(row["vehicles"] for row in rows_of(book, "Itineraries")) == 10
    assert sum(row["left out"] for row in rows_of(book, "Left out")) == 5
    assert round(sum(row["kg co2e"] for row in rows_of(book, "Itineraries")) * 1_000) == PLAN.grams
    assert len(rows_of(book, "Stages")) == sum(len(i.stages) for i in PLAN.batches[0].itineraries)


def test_times_are_real_local_times_beside_their_zone(book):
    ride = rows_of(book, "Stages")[5]
    assert (ride["start local"], ride["start zone"]) == (datetime(2027, 3, 8, 7, 0), "Asia/Shanghai")  # noqa: DTZ001
    assert (ride["end local"], ride["end zone"]) == (datetime(2027, 3, 22, 1, 0), "Europe/Berlin")  # noqa: DTZ001
    assert ride["start utc"] == datetime(2027, 3, 7, 23, 0)  # noqa: DTZ001
    assert ride["departure day"].date() == date(2027, 3, 8)


def test_the_summary_names_each_figure_with_its_unit(book):
    rows = {row["figure"]: (row["value"], row["unit"]) for row in rows_of(book, "Summary")}
    assert rows["planned"] == (10, "vehicles")
    assert rows["cost"] == (30_766.29, "USD")
    assert rows["of it module"] == (500, "USD")
    assert rows["CO2e, well to wheel"] == (1_179.9, "kg")
    assert rows["above the best possible, at most"] == (74.94, "USD")
    assert rows["status"][0] == "FEASIBLE"


def test_under_time_the_objective_is_in_vehicle_days():
    plan = replace(PLAN, objective="time", value=14_400, bound=14_400, penalty=0, lp_bound=None)
    document = plan_document(PROBLEM, replace(RESULT, plan=plan), RunRecord())
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(PROBLEM, plan, document)))
    rows = {row["figure"]: (row["value"], row["unit"]) for row in rows_of(book, "Summary")}
    assert rows["value of the objective"] == (10, "vehicle days")
    assert "one more vehicle days" in rows_of(book, "Departures")[0]


def test_a_blend_shows_what_days_and_co2e_count():
    document = plan_document(PROBLEM, replace(RESULT, plan=BLEND_PLAN), RunRecord())
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(PROBLEM, BLEND_PLAN, document)))
    rows = {row["figure"]: row["value"] for row in rows_of(book, "Summary")}
    assert rows["of it for days and CO2e"] == 43.21


def test_what_a_slot_is_worth_stands_with_its_departure(book):
    worth = {(value.service_id, value.departure_day): value for value in PLAN.slot_values}
    assert worth, "the sample has none"
    for row in rows_of(book, "Departures"):
        value = worth.get((row["service"], row["departure day"].date()))
        found = [row[f"{what} one more USD"] for what in ("exact", "least", "most")]
        figures = (value.exact, value.low, value.high) if value else (None, None, None)
        assert found == [None if figure is None else figure / 100 for figure in figures]


def test_the_run_record_is_there_name_by_name(book):
    rows = {row["name"]: row["value"] for row in rows_of(book, "Run record")}
    assert rows["terms.carryingRate"] == "1/3"
    assert rows["inputs.networkSha256"] == "a" * 64


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "=HYPERLINK(1)", "＝1"])
def test_text_that_looks_like_a_formula_stays_text(text):
    (cell,) = sheet_of((Column("a"), text))
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_harmless_text_is_not_marked():
    (cell,) = sheet_of((Column("a"), "B-1"))
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("B-1", "s", False)


def test_no_sheet_of_the_sample_holds_a_formula(book):
    """The sample has a reference and facts that begin like one."""
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "@earliest 29 March" in {cell.value for cell in cells}


def test_cells_have_the_type_and_format_of_their_column():
    whole, money, figure, day, time, nothing = sheet_of(
        (Column("whole", WHOLE), 1_234),
        (Column("money", MONEY), Decimal("1234567.89")),
        (Column("figure", DECIMAL), Decimal("0.5")),
        (Column("day", DAY), date(2027, 3, 8)),
        (Column("time", TIME), datetime(2027, 3, 8, 23, 59)),  # noqa: DTZ001
        (Column("nothing"), None),
    )
    assert (whole.value, whole.number_format) == (1_234, "#,##0")
    assert (money.value, money.number_format) == (1_234_567.89, "#,##0.00")
    assert figure.value == 0.5
    assert (day.value.date(), day.number_format) == (date(2027, 3, 8), "yyyy-mm-dd")
    assert (time.value, time.number_format) == (datetime(2027, 3, 8, 23, 59), "yyyy-mm-dd hh:mm")  # noqa: DTZ001
    assert nothing.value is None


@pytest.mark.parametrize("text", ["a<b>&c", " two  blanks ", "line\nbreak", "车", "'\"", "]]>"])
def test_any_text_comes_back_as_it_was(text):
    (cell,) = sheet_of((Column("a"), text))
    assert cell.value == text


def test_letters_that_xml_can_not_hold_are_replaced_and_long_text_is_cut():
    broken, long = sheet_of((Column("a"), "a\x00b\x1f\ud800"), (Column("b"), "x" * 40_000))
    assert broken.value == "a\ufffdb\ufffd\ufffd"
    assert len(long.value) == 32_767


def test_more_than_26_columns_have_two_letters():
    row = sheet_of(*[(Column(f"c{number}", WHOLE), number) for number in range(60)])
    assert [cell.value for cell in row] == list(range(60))


def test_equal_plans_give_equal_bytes_and_tell_no_clock(content):
    again = plan_workbook(PROBLEM, PLAN, plan_document(PROBLEM, RESULT, RunRecord()))
    assert again == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_booking_sheet_as_csv_reads_like_a_list_of_orders():
    ship, train = csv.DictReader(io.StringIO(view_csv(bookings_view(PROBLEM, PLAN))))
    assert (train["service"], train["departure_day"]) == ("TRAIN", "2027-03-08")
    assert (train["book_by"], train["zone"]) == ("2027-03-04 08:00", "Asia/Shanghai")
    assert (train["gate_in_from"], train["gate_in_until"]) == ("2027-03-04 12:30", "2027-03-08 07:00")
    assert (train["boxes"], train["units"], train["unit"], train["modules"]) == ("3", "3", "feu", "1")
    assert train["batches"] == "B-1: 7"
    assert train["stuffing"] == "CN-RAIL 2027-03-04: 4; CN-RAIL 2027-03-05: 3"
    assert (ship["units"], ship["capacity"], ship["boxes"], ship["book_by"]) == ("3.63", "1030.50", "", "")


def test_text_of_a_csv_view_is_guarded():
    text = view_csv(View("One", [Column("a"), Column("b", WHOLE)], [("=1", -1)]))
    assert text == "a,b\n'=1,-1\n"
