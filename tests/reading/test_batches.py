import csv
import io
import zipfile
from datetime import UTC, date, datetime
from fractions import Fraction

import openpyxl
import pytest

from planner.clock import to_minutes
from planner.errors import InputError
from planner.model import Batch, Network, Place, VehicleType
from planner.reading.batch_columns import COLUMNS, REQUIRED
from planner.reading.batches import read_batches

GOOD = {
    "batch_id": "B-1",
    "shipper": "Maker",
    "origin": "CN-PLANT",
    "destination": "DE-YARD",
    "vehicle_type": "SUV",
    "vehicles": "300",
    "ready": "2027-03-04",
    "due": "2027-04-20",
}
OTHER = GOOD | {"batch_id": "B-2"}


def place(place_id, name, time_zone, **more):
    return Place(
        id=place_id, name=name, kind="plant", country="CN", lat=0, lon=0, time_zone=time_zone, **more
    )


def utc(*parts):
    return to_minutes(datetime(*parts, tzinfo=UTC))


def at(text):
    """A time of a spreadsheet cell: it knows no zone."""
    return datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def network():
    places = (
        place("CN-PLANT", "Great plant", "Asia/Shanghai", name_zh="大工厂", aliases=("Works", "Old works")),
        place("CN-NORTH", "Plant of the north", "Asia/Shanghai", aliases=("Works",)),
        place("DE-YARD", "Yard", "Europe/Berlin", aliases=("Yard",)),
        place("LB-YARD", "Beirut", "Asia/Beirut"),
    )
    suv = VehicleType(
        id="SUV",
        name="SUV",
        length_mm=1,
        width_mm=1,
        height_mm=1,
        mass_kg=1,
        cbm100=1,
        ceu100=1,
        vehicles_per_feu=3,
    )
    return Network(
        places={item.id: item for item in places},
        services={},
        tariffs=(),
        handling=(),
        vehicle_types={"SUV": suv, "SEDAN": suv},
        timetable_end_min=utc(2027, 12, 31, 16),
    )


def as_csv(*rows, columns=None):
    """The rows as the bytes of a CSV file with the columns of the first."""
    out = io.StringIO()
    writer = csv.writer(out)
    columns = columns or list(rows[0])
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode()


def as_xlsx(*rows, change=None):
    """The rows, as lists of values, as the bytes of an XLSX file; ``change`` may edit the workbook first."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(content, member, *changes):
    """An XLSX file with some bytes of one part replaced by others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == member:
                for before, after in changes:
                    assert before in data
                    data = data.replace(before, after)
            new.writestr(name, data)
    return out.getvalue()


def read(content, network):
    return read_batches(io.BytesIO(content), network, "march.csv")


def issues_of(content, network):
    """What is refused; always under the name of the file."""
    with pytest.raises(InputError) as caught:
        read(content, network)
    assert {issue.file for issue in caught.value.issues} == {"march.csv"}
    return caught.value.issues


def only_issue(content, network):
    (issue,) = issues_of(content, network)
    return issue


# What is read


def test_a_row_becomes_a_batch_with_local_days_from_start_to_end(network):
    assert read(as_csv(GOOD), network) == (
        Batch(
            id="B-1",
            shipper="Maker",
            origin="CN-PLANT",
            destination="DE-YARD",
            vehicle_type="SUV",
            vehicles=300,
            ready_min=utc(2027, 3, 3, 16),
            due_min=utc(2027, 4, 20, 22),
        ),
    )


def test_optional_cells_are_exact_cents_and_whole_numbers(network):
    row = GOOD | {
        "early_price": "0.005",
        "late_price": "0",
        "unplanned_price": "1000000000",
        "priority": "9",
        "value_per_vehicle": "25000.5",
        "reference": "车 7, lot 2",
    }
    (batch,) = read(as_csv(row), network)
    assert (batch.early_price, batch.late_price) == (Fraction(1, 2), 0)
    assert (batch.unplanned_price, batch.priority) == (100_000_000_000, 9)
    assert (batch.value_per_vehicle, batch.reference) == (2_500_050, "车 7, lot 2")


def test_blank_optional_cells_are_their_defaults(network):
    (batch,) = read(as_csv(dict.fromkeys(COLUMNS, "") | GOOD | {"shipper": ""}), network)
    assert (batch.early_price, batch.late_price, batch.unplanned_price) == (0, None, None)
    assert (batch.priority, batch.value_per_vehicle, batch.reference, batch.shipper) == (0, None, "", "")


def test_columns_may_stand_in_any_order_with_blanks_around_and_a_byte_order_mark(network):
    turned = {f" {column} ": f" {GOOD[column]}\t" for column in reversed(GOOD)}
    assert read(b"\xef\xbb\xbf" + as_csv(turned), network) == read(as_csv(GOOD), network)


def test_batches_keep_the_order_of_the_file_and_blank_lines_are_no_batches(network):
    lines = as_csv(OTHER, GOOD).splitlines()
    content = b"\r\n".join([lines[0], b"", lines[1], b",,,,,,,", lines[2], b"", b""])
    assert [batch.id for batch in read(content, network)] == ["B-2", "B-1"]


def test_commas_behind_the_last_column_are_no_fault(network):
    content = b"".join(line + b",,\r\n" for line in as_csv(GOOD).splitlines())
    assert len(read(content, network)) == 1


@pytest.mark.parametrize("name", ["CN-PLANT", "Great plant", "大工厂", "Old works"])
def test_a_place_may_be_named_by_id_name_or_alias(network, name):
    (batch,) = read(as_csv(GOOD | {"origin": name}), network)
    assert batch.origin == "CN-PLANT"


def test_a_name_that_is_an_alias_of_the_same_place_too_is_not_ambiguous(network):
    (batch,) = read(as_csv(GOOD | {"destination": "Yard"}), network)
    assert batch.destination == "DE-YARD"


@pytest.mark.parametrize(
    ("ready", "minutes"),
    [
        ("2027-03-04T08:30", utc(2027, 3, 4, 0, 30)),
        ("2027-03-04 08:30", utc(2027, 3, 4, 0, 30)),
        ("2027-03-04T08:30:00", utc(2027, 3, 4, 0, 30)),
        ("2027-03-04T08:30+01:00", utc(2027, 3, 4, 7, 30)),
        ("2027-03-04T08:30Z", utc(2027, 3, 4, 8, 30)),
        ("2027-03-04T08:30-02:30", utc(2027, 3, 4, 11, 0)),
    ],
)
def test_a_ready_time_is_local_unless_it_names_an_offset(network, ready, minutes):
    (batch,) = read(as_csv(GOOD | {"ready": ready}), network)
    assert batch.ready_min == minutes


def test_a_due_time_is_on_the_clock_of_the_destination(network):
    (batch,) = read(as_csv(GOOD | {"due": "2027-04-20T12:00"}), network)
    assert batch.due_min == utc(2027, 4, 20, 10)


def test_due_may_be_earlier_by_the_clocks_than_ready_but_not_in_time(network):
    row = GOOD | {"ready": "2027-03-04T08:00", "due": "2027-03-04T07:00"}
    (batch,) = read(as_csv(row), network)
    assert batch.due_min - batch.ready_min == 6 * 60


def test_a_due_day_on_which_clocks_change_ends_at_its_own_midnight(network):
    (batch,) = read(as_csv(GOOD | {"due": "2027-03-28"}), network)
    assert batch.due_min == utc(2027, 3, 28, 22)


def test_a_day_whose_midnight_is_skipped_starts_with_its_first_minute(network):
    row = GOOD | {"origin": "LB-YARD", "ready": "2027-03-28"}
    (batch,) = read(as_csv(row), network)
    assert batch.ready_min == utc(2027, 3, 27, 22)


def test_the_last_day_of_the_timetable_is_still_taken(network):
    (batch,) = read(as_csv(GOOD | {"ready": "2027-12-31", "due": "2028-02-01"}), network)
    assert batch.ready_min < network.timetable_end_min


def test_a_timetable_without_end_takes_any_ready_day(network):
    endless = Network(
        places=network.places,
        services={},
        tariffs=(),
        handling=(),
        vehicle_types=network.vehicle_types,
    )
    assert read(as_csv(GOOD | {"ready": "2031-01-01", "due": "2031-02-01"}), endless)


def test_a_file_is_called_by_its_own_name(network, tmp_path):
    path = tmp_path / "april.csv"
    path.write_bytes(as_csv(GOOD))
    assert len(read_batches(path, network)) == 1
    path.write_bytes(b"")
    with pytest.raises(InputError) as caught:
        read_batches(path, network)
    assert caught.value.issues[0].file == "april.csv"


def test_a_thousand_rows_are_a_thousand_batches(network):
    content = as_csv(*(GOOD | {"batch_id": f"B-{number}"} for number in range(1_000)))
    assert [batch.id for batch in read(content, network)] == [f"B-{number}" for number in range(1_000)]


# Cells that are refused


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("batch_id", "", "blank"),
        ("batch_id", "B" * 65, "64 characters"),
        ("batch_id", "B\n1", "line break"),
        ("batch_id", "B\u200b1", "invisible"),
        ("origin", "", "blank"),
        ("origin", "CN-PLANTS", "no place"),
        ("origin", "cn-plant", "no place"),
        ("origin", "Works", "several places"),
        ("destination", "Atlantis", "no place"),
        ("destination", "CN-PLANT", "same place as the origin"),
        ("destination", "Great plant", "same place as the origin"),
        ("vehicle_type", "", "blank"),
        ("vehicle_type", "suv", "no vehicle type"),
        ("vehicles", "", "blank"),
        ("vehicles", "0", "below 1"),
        ("vehicles", "-5", "negative"),
        ("vehicles", "\u22125", "negative"),
        ("vehicles", "1.5", "whole number"),
        ("vehicles", "300.0", "whole number"),
        ("vehicles", "NaN", "finite"),
        ("vehicles", "inf", "finite"),
        ("vehicles", "1e309", "exponent"),
        ("vehicles", "1,200", "thousands separator"),
        ("vehicles", "1_200", "thousands separator"),
        ("vehicles", "1000001", "above 1000000"),
        ("vehicles", "9" * 5_000, "too long"),
        ("vehicles", "120台", "not a number"),
        ("vehicles", "0x78", "not a number"),
        ("vehicles", "TRUE", "not a number"),
        ("ready", "", "blank"),
        ("ready", "03/04/2027", "ambiguous"),
        ("ready", "3.4.2027", "ambiguous"),
        ("ready", "13/04/2027", "no ISO date"),
        ("ready", "04.03.27", "no ISO date"),
        ("ready", "2027/03/04", "no ISO date"),
        ("ready", "20270304", "no ISO date"),
        ("ready", "46085", "no ISO date"),
        ("ready", "2027-W10-4", "no ISO date"),
        ("ready", "2027-02-29", "calendar"),
        ("ready", "2027-13-01", "calendar"),
        ("ready", "0001-01-01", "years"),
        ("ready", "9999-12-31", "years"),
        ("ready", "2027-03-04T24:00", "time of day"),
        ("ready", "2027-03-04T08:30:30", "whole minute"),
        ("ready", "2027-03-04T08:30:00.5", "whole minute"),
        ("ready", "2027-03-04T08:30+99:00", "offset"),
        ("ready", "2027-03-04T08:30+08:75", "offset"),
        ("ready", "2028-01-01", "beyond the timetable"),
        ("due", "03/05/2027", "ambiguous"),
        (
            "due",
            "2027-03-03",
            "before ready",
        ),  # although the day ends later in Berlin than it starts in China
        ("due", "2027-03-03T16:59", "before ready"),
        ("due", "2027-03-28T02:30", "does not exist"),
        ("due", "2027-10-31T02:30", "exists twice"),
        ("early_price", "-1", "negative"),
        ("early_price", "1,5", "comma"),
        ("late_price", "nan", "finite"),
        ("unplanned_price", "1000000001", "above"),
        ("value_per_vehicle", "$100", "not a number"),
        ("priority", "10", "above 9"),
        ("priority", "-1", "negative"),
        ("priority", "1.5", "whole number"),
        ("reference", "x" * 201, "200 characters"),
        ("shipper", "a\tb", "invisible"),
    ],
)
def test_a_bad_cell_is_named_with_line_column_value_and_reason(network, column, value, word):
    issue = only_issue(
        as_csv(
            OTHER | {column: ""} if column not in GOOD else OTHER,
            GOOD | {column: value},
            columns=list(GOOD | {column: ""}),
        ),
        network,
    )
    assert (issue.row, issue.column) == (3, column)
    assert issue.value == (value if len(value) <= 60 else value[:59] + "…")
    assert word in issue.reason


@pytest.mark.parametrize(
    ("column", "value", "hint"),
    [
        ("origin", "CN-PLANTS", "did you mean CN-PLANT?"),
        ("origin", "cn-plant", "did you mean CN-PLANT?"),
        ("origin", "great plnt", "did you mean Great plant?"),
        ("origin", "Works", "write the id: CN-NORTH, CN-PLANT"),
        ("origin", "zzzz", ""),
        ("vehicle_type", "suv", "did you mean SUV?"),
        ("ready", "03/04/2027", "write 2027-04-03 or 2027-03-04"),
        ("ready", "13/04/2027", "write 2027-04-13"),
        ("ready", "2028-01-01", "the timetable ends 2027-12-31"),
        ("due", "2027-10-31T02:30", "write 2027-10-31T02:30+02:00 or 2027-10-31T02:30+01:00"),
    ],
)
def test_a_bad_cell_comes_with_what_to_do(network, column, value, hint):
    assert only_issue(as_csv(GOOD | {column: value}), network).hint == hint


def test_a_duplicate_id_names_both_lines(network):
    issue = only_issue(as_csv(GOOD, OTHER, GOOD), network)
    assert (issue.row, issue.column, issue.value) == (4, "batch_id", "B-1")
    assert "line 2" in issue.reason


def test_all_faults_of_all_rows_are_told_at_once_in_the_order_of_the_file(network):
    bad = GOOD | {"vehicles": "0", "ready": "03/04/2027", "origin": "?"}
    found = [(issue.row, issue.column) for issue in issues_of(as_csv(bad, OTHER, bad), network)]
    assert found == [
        (2, "origin"),
        (2, "vehicles"),
        (2, "ready"),
        (4, "batch_id"),
        (4, "origin"),
        (4, "vehicles"),
        (4, "ready"),
    ]


def test_a_quoted_line_break_does_not_shift_the_lines_named_after_it(network):
    found = issues_of(
        as_csv(GOOD | {"reference": "two\nlines"}, OTHER | {"vehicles": "0"}, columns=[*GOOD, "reference"]),
        network,
    )
    assert [(issue.row, issue.column) for issue in found] == [(2, "reference"), (4, "vehicles")]


# Headers and rows that are refused


@pytest.mark.parametrize("column", REQUIRED)
def test_a_missing_column_is_named_and_only_once(network, column):
    rows = [{key: value for key, value in row.items() if key != column} for row in (GOOD, OTHER)]
    issue = only_issue(as_csv(*rows), network)
    assert (issue.row, issue.column) == (1, column)
    assert "missing" in issue.reason


def test_an_unknown_column_is_named_with_the_one_it_may_stand_for(network):
    issue = only_issue(as_csv(GOOD | {"priorty": "1"}), network)
    assert (issue.row, issue.column, issue.value) == (1, "priorty", "priorty")
    assert "no column" in issue.reason
    assert issue.hint == "did you mean priority?"


def test_a_column_unlike_any_other_lists_those_there_are(network):
    issue = only_issue(as_csv(GOOD | {"总计": "1"}), network)
    assert all(column in issue.hint for column in COLUMNS)


def test_a_duplicate_column_is_named(network):
    content = as_csv(GOOD).replace(b"due\r\n", b"due,ready\r\n").replace(b"04-20", b"04-20,2027-03-05")
    issue = only_issue(content, network)
    assert (issue.row, issue.column) == (1, "ready")
    assert "twice" in issue.reason


def test_faults_of_the_header_do_not_hide_those_of_the_rows(network):
    row = {key: value for key, value in GOOD.items() if key != "due"} | {"vehicles": "0", "note": "x"}
    found = [(issue.row, issue.column) for issue in issues_of(as_csv(row), network)]
    assert found == [(1, "note"), (1, "due"), (2, "vehicles")]


def test_a_value_under_no_heading_is_named(network):
    issue = only_issue(as_csv(GOOD | {"": "stray"}), network)
    assert (issue.row, issue.value) == (2, "stray")
    assert "no heading" in issue.reason


@pytest.mark.parametrize(("old", "new", "cells"), [(b",300,", b",1,200,", 9), (b",300,", b",", 7)])
def test_a_row_of_another_width_is_named(network, old, new, cells):
    issue = only_issue(as_csv(GOOD).replace(old, new), network)
    assert (issue.row, issue.column) == (2, None)
    assert f"{cells} cells, the header 8" in issue.reason
    assert "commas in numbers" in issue.hint


@pytest.mark.parametrize("separator", [b";", b"\t"])
def test_cells_separated_by_something_else_are_one_fault(network, separator):
    issue = only_issue(as_csv(GOOD, OTHER).replace(b",", separator), network)
    assert (issue.row, issue.column) == (1, None)
    assert issue.value.startswith("batch_id")
    assert "single cell" in issue.reason
    assert "commas" in issue.hint


def test_rows_under_no_header_are_not_read(network):
    found = issues_of(as_csv(GOOD).split(b"\r\n")[1] + b"\r\n", network)
    assert {issue.row for issue in found} == {1}


# Files that are refused


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n \r\n,,,\r\n", "empty"),
        (as_csv(GOOD).split(b"\r\n")[0], "no batch"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "JPEG"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08" + bytes(50), "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "old Excel file"),
        (b"<!DOCTYPE html><html><table>", "HTML"),
        (b"\xef\xbb\xbf\n <HTML xmlns:x='urn'>", "HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (b"PK\x03\x04" + bytes(50), "damaged"),
        (b"PK\x05\x06" + bytes(18), "ZIP archive"),
        (as_csv(GOOD).decode().encode("utf-16"), "UTF-16"),
        (as_csv(GOOD).replace(b"B-1", b"B\x00"), "U+0000"),
    ],
)
def test_a_file_of_another_kind_is_told_by_its_bytes(network, content, word):
    assert word in only_issue(content, network).reason


def zip_of(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (zip_of("march.csv"), "ZIP archive"),
        (zip_of("word/document.xml"), "Word"),
        (zip_of("xl/workbook.bin"), "XLSB"),
        (zip_of("content.xml"), "OpenDocument"),
        (zip_of("xl/workbook.xml"), "damaged"),
        (as_xlsx(list(GOOD))[:-200], "damaged"),
    ],
)
def test_a_zip_that_is_no_workbook_is_refused(network, content, word):
    assert word in only_issue(content, network).reason


def test_a_byte_that_is_not_utf8_names_its_line(network):
    issue = only_issue(as_csv(GOOD, OTHER | {"shipper": "K?ln"}).replace(b"?", b"\xf6"), network)
    assert issue.row == 3
    assert "UTF-8" in issue.reason


def test_a_quote_that_is_never_closed_names_its_line(network):
    issue = only_issue(as_csv(GOOD, OTHER).replace(b"B-2", b'"B-2'), network)
    assert issue.row == 3
    assert "quote" in issue.reason


@pytest.mark.parametrize("missing", ["no-such.csv", "."])
def test_a_file_that_can_not_be_read_is_refused(network, tmp_path, missing):
    with pytest.raises(InputError) as caught:
        read_batches(tmp_path / missing, network)
    assert "can't be read" in str(caught.value)


def test_a_fault_reads_as_a_sentence(network):
    issue = only_issue(as_csv(GOOD | {"vehicles": "-5"}), network)
    assert str(issue) == "march.csv, line 2, column vehicles: '-5': is negative"


# Spreadsheets


def test_a_spreadsheet_is_read_exactly_whatever_its_name(network):
    content = as_xlsx(
        [*GOOD, "value_per_vehicle", "early_price"],
        [
            "B-1",
            "Maker",
            "CN-PLANT",
            "DE-YARD",
            "SUV",
            300.0,
            at("2027-03-04T08:30"),
            date(2027, 4, 20),
            25000.5,
            0.1,
        ],
        [1002, None, "大工厂", "Yard", "SUV", 2, "2027-03-04", "2027-04-20T12:00", None, None],
    )
    first, second = read(content, network)
    assert (first.vehicles, first.value_per_vehicle, first.early_price) == (300, 2_500_050, 10)
    assert (first.ready_min, first.due_min) == (utc(2027, 3, 4, 0, 30), utc(2027, 4, 20, 22))
    assert (second.id, second.shipper, second.due_min) == ("1002", "", utc(2027, 4, 20, 10))


def test_lines_of_a_spreadsheet_count_from_the_top_of_the_sheet_blank_ones_too(network):
    row = list((GOOD | {"vehicles": 1.5}).values())
    content = as_xlsx([], [], list(GOOD), [], row)
    issue = only_issue(content, network)
    assert (issue.row, issue.column, issue.value) == (5, "vehicles", "1.5")
    assert "whole number" in issue.reason


@pytest.mark.parametrize(
    ("column", "value", "shown", "word"),
    [
        ("vehicles", 0, "0", "below 1"),
        ("vehicles", -5, "-5", "negative"),
        ("vehicles", True, "TRUE", "not a number"),
        ("vehicles", 1e22, "10000000000000000000000", "too long"),
        ("vehicles", at("2027-03-04T00:00"), "2027-03-04T00:00", "not a number"),
        ("early_price", 1e-7, "0.0000001", None),
        ("ready", 46085, "46085", "no ISO date"),
        ("ready", "03/04/2027", "03/04/2027", "ambiguous"),
        ("ready", at("2027-03-04T08:30:15"), "2027-03-04T08:30:15", "whole minute"),
        ("ready", at("2028-03-04T00:00"), "2028-03-04T00:00", "beyond the timetable"),
    ],
)
def test_a_bad_cell_of_a_spreadsheet_shows_what_it_holds(network, column, value, shown, word):
    row = GOOD | {column: value}
    content = as_xlsx(list(row), list(row.values()))
    if word is None:
        (batch,) = read(content, network)
        assert batch.early_price == Fraction(shown) * 100
        return
    issue = issues_of(content, network)[0]
    assert (issue.row, issue.column, issue.value) == (2, column, shown)
    assert word in issue.reason


@pytest.mark.parametrize("column", ["vehicles", "late_price", "reference"])
@pytest.mark.parametrize(
    ("value", "shown", "word"),
    [("=1+1", "=1+1", "formula"), ("#REF!", "#REF!", "error"), ("#N/A", "#N/A", "error")],
)
def test_a_cell_without_a_value_of_its_own_is_no_blank_cell(network, column, value, shown, word):
    row = GOOD | {"late_price": 5, "reference": "PO-1"} | {column: value}
    issue = only_issue(as_xlsx(list(row), list(row.values())), network)
    assert (issue.row, issue.column, issue.value) == (2, column, shown)
    assert word in issue.reason
    assert f"cell {'ABCDEFGHIJ'[list(row).index(column)]}2:" in issue.hint


def test_all_cells_without_a_value_are_told_at_once_with_the_other_faults(network):
    row = GOOD | {"origin": "#REF!", "vehicles": "0", "late_price": "=1/0"}
    issues = issues_of(as_xlsx(list(row), [], list(row.values())), network)
    assert [(issue.row, issue.column) for issue in issues] == [
        (3, "origin"),
        (3, "vehicles"),
        (3, "late_price"),
    ]


def test_a_row_of_nothing_but_an_error_is_not_passed_over(network):
    issues = issues_of(as_xlsx(list(GOOD), list(GOOD.values()), ["#N/A"]), network)
    assert (issues[0].row, issues[0].column, issues[0].value) == (3, "batch_id", "#N/A")


def test_a_formula_with_a_stored_value_is_no_value(network):
    row = GOOD | {"reference": '=""'}
    content = edited(
        as_xlsx(list(row), list(row.values())),
        "xl/worksheets/sheet1.xml",
        (b'<c r="I2"><f>""</f><v /></c>', b'<c r="I2" t="str"><f>""</f><v></v></c>'),
    )
    issue = only_issue(content, network)
    assert (issue.row, issue.column, issue.value) == (2, "reference", '=""')
    assert "paste them as values" in issue.hint


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ1000000"])
def test_a_cell_far_from_the_table_is_named_instead_of_filling_the_memory(network, cell):
    def change(book):
        book.active[cell] = "x"

    issue = only_issue(as_xlsx(list(GOOD), list(GOOD.values()), change=change), network)
    assert cell in issue.reason


def test_cells_that_do_not_say_where_they_stand_are_the_next_ones(network):
    row = GOOD | {"late_price": "#N/A"}
    content = edited(
        as_xlsx(list(row), list(row.values())),
        "xl/worksheets/sheet1.xml",
        *((f' r="{letter}{line}"'.encode(), b"") for letter in "ABCDEFGHI" for line in (1, 2)),
    )
    issue = only_issue(content, network)
    assert (issue.row, issue.column, issue.value) == (2, "late_price", "#N/A")


@pytest.mark.parametrize(
    ("member", "change"),
    [
        ("xl/worksheets/sheet1.xml", (b"<worksheet ", b'<!DOCTYPE w [<!ENTITY a "b">]><worksheet ')),
        ("xl/workbook.xml", (b"<workbook ", b'<!DOCTYPE w SYSTEM "https://example.org/w"><workbook ')),
        ("xl/worksheets/sheet1.xml", (b"</sheetData>", b"")),
        ("xl/worksheets/sheet1.xml", (b'r="A1"', b'r="1A"')),
        ("xl/worksheets/sheet1.xml", (b'<row r="2"', b'<row r="two"')),
        ("xl/_rels/workbook.xml.rels", (b"sheet1.xml", b"sheet9.xml")),
    ],
    ids=str,
)
def test_a_workbook_whose_xml_is_not_one_of_a_workbook_is_refused(network, member, change):
    content = edited(as_xlsx(list(GOOD), list(GOOD.values())), member, change)
    assert "damaged" in only_issue(content, network).reason


def test_the_first_visible_sheet_with_data_is_read(network):
    def change(book):
        book.active.title = "cover"
        hidden = book.create_sheet("hidden")
        hidden.append(["old"])
        hidden.sheet_state = "hidden"
        sheet = book.create_sheet("March")
        sheet.append(list(GOOD))
        sheet.append(list(GOOD.values()))
        book.create_sheet("notes").append(["nothing of ours"])

    assert [batch.id for batch in read(as_xlsx(change=change), network)] == ["B-1"]


def test_a_spreadsheet_without_data_is_refused(network):
    assert "no visible sheet holds any data" in only_issue(as_xlsx(), network).reason


def test_a_spreadsheet_with_only_a_header_is_refused(network):
    assert "no batch" in only_issue(as_xlsx(list(GOOD)), network).reason
