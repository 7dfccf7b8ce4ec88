"""What spreadsheets do to cells, lines and sheets."""

from __future__ import annotations

from fractions import Fraction

from tests.reading.crafted import (
    DAY,
    DAY_AND_TIME,
    DURATION,
    GENERAL,
    GROUPED,
    PADDED,
    PERCENT,
    SCIENTIFIC,
    formula,
    inline,
    number,
    rows_xml,
    sheet_xml,
    typed,
    workbook,
)
from tests.reading.intake_cases.makers import (
    BATCH_300,
    CHINESE,
    HEADER,
    OTHER_ROW,
    ROW,
    Refused,
    Taken,
    rows,
    sheet,
    utc,
    xlsx,
)

SHEETS = [
    ("plain workbook", xlsx(), Taken(BATCH_300)),
    ("workbook with Chinese headings", workbook(sheet(header=CHINESE)), Taken(BATCH_300)),
    ("numbers as text", xlsx(vehicles="300", priority="5"), Taken({"vehicles": 300, "priority": 5})),
    ("a number", xlsx(vehicles=number("300")), Taken({"vehicles": 300})),
    ("a number with a point", xlsx(vehicles=number("300.0")), Taken({"vehicles": 300})),
    ("a number with an exponent", xlsx(vehicles=number("3E+2", SCIENTIFIC)), Taken({"vehicles": 300})),
    (
        "seventeen digits",
        xlsx(early_price=number("4.0999999999999996")),
        Taken({"early_price": Fraction(410)}),
    ),
    ("noise", xlsx(early_price=number("0.30000000000000004")), Taken({"early_price": 30}, ("15 digits",))),
    ("grouped number", xlsx(vehicles=number("1200", GROUPED)), Taken({"vehicles": 1200})),
    ("split as a number", xlsx(split=number("2")), Taken({"max_parts": 2})),
    (
        "a number as an id",
        xlsx(batch_id=number("1002")),
        Taken({"id": "1002"}, ("numbers are read as text",)),
    ),
    (
        "a padded number as an id",
        xlsx(batch_id=number("7", PADDED)),
        Refused(2, "batch_id", "shows otherwise", "as text"),
    ),
    (
        "a long number as an id",
        xlsx(batch_id=number("1234567890123456")),
        Refused(2, "batch_id", "shows otherwise", "as text"),
    ),
    (
        "a number with decimals as an id",
        xlsx(batch_id=number("1.5")),
        Refused(2, "batch_id", "with decimals"),
    ),
    (
        "a date as an id",
        xlsx(batch_id=number("46450", DAY)),
        Refused(2, "batch_id", "is a date of the spreadsheet"),
    ),
    ("a truth value as an id", xlsx(batch_id=typed("b", "1")), Refused(2, "batch_id", "TRUE or FALSE")),
    ("a truth value as a number", xlsx(vehicles=typed("b", "1")), Refused(2, "vehicles", "not a number")),
    ("a truth value as split", xlsx(split=typed("b", "0")), Refused(2, "split", "not yes, no")),
    (
        "percent of a spreadsheet",
        xlsx(early_price=number("0.5", PERCENT)),
        Refused(2, "early_price", "percentage", "cell I2"),
    ),
    ("negative zero of a spreadsheet", xlsx(priority=number("-0")), Refused(2, "priority", "negative")),
    ("huge number", xlsx(vehicles=number("1e22")), Refused(2, "vehicles", "too long")),
    ("beyond all numbers", xlsx(vehicles=number("1e309")), Refused(2, "vehicles", "finite")),
    ("NaN as a number", xlsx(vehicles=number("NaN")), Refused(2, "vehicles", "no number, although")),
    (
        "error",
        xlsx(vehicles=typed("e", "#REF!")),
        Refused(2, "vehicles", "error of the spreadsheet", "cell F2"),
    ),
    (
        "formula without value",
        xlsx(vehicles=formula("1+1")),
        Refused(2, "vehicles", "is a formula", "cell F2: copy"),
    ),
    (
        "formula with value",
        xlsx(vehicles=formula("1+1", "2")),
        Refused(2, "vehicles", "is a formula", "as values"),
    ),
    (
        "formula in the header",
        workbook(sheet(header=[*HEADER, formula("A1", "note")], row=[*ROW, "x"])),
        Refused(1, "=A1", "is a formula"),
    ),
    (
        "total by formula",
        rows(ROW, ["合计", "", "", "", "", formula("SUM(F2:F2)", "300")]),
        Refused(3, None, "totals"),
    ),
    ("day", xlsx(ready=number("46450", DAY)), Taken(BATCH_300)),
    (
        "day and time",
        xlsx(ready=number("46450.354166666664", DAY_AND_TIME)),
        Taken({"ready_min": utc(2027, 3, 4, 0, 30)}),
    ),
    ("seconds of a day", xlsx(ready=number("46450.3545", DAY_AND_TIME)), Refused(2, "ready", "whole minute")),
    ("ready at midnight", xlsx(ready=number("46450", DAY_AND_TIME)), Taken(BATCH_300)),
    (
        "due at midnight",
        xlsx(due=number("46497", DAY_AND_TIME)),
        Refused(2, "due", "its beginning, or", "without time"),
    ),
    (
        "a day as a plain number",
        xlsx(ready=number("46450", GENERAL)),
        Refused(2, "ready", "no ISO date", "2027-03-04"),
    ),
    ("29 February 1900", xlsx(ready=number("60", DAY)), Refused(2, "ready", "no such day")),
    ("negative day", xlsx(ready=number("-1", DAY)), Refused(2, "ready", "no such day")),
    ("day beyond all calendars", xlsx(ready=number("3000000000", DAY)), Refused(2, "ready", "no such day")),
    ("duration", xlsx(ready=number("0.5", DURATION)), Refused(2, "ready", "without a day")),
    ("day in ISO 8601", xlsx(ready=typed("d", "2027-03-04")), Taken(BATCH_300)),
    (
        "days from 1904",
        rows([*ROW[:6], number("44988", DAY), ROW[7]], properties='<workbookPr date1904="1"/>'),
        Taken(BATCH_300, ("counts its days from 1904",)),
    ),
    (
        "shared text with its pronunciation",
        workbook(
            sheet(shipper=typed("s", "0")),
            shared="<si><r><t>比亚</t></r><r><t>迪</t></r><rPh sb='0' eb='1'><t>bi</t></rPh></si>",
        ),
        Taken({"shipper": "比亚迪"}),
    ),
    ("a shared text that is not there", xlsx(shipper=typed("s", "5")), Refused(None, None, "damaged")),
    ("an escaped character", xlsx(shipper=inline("<t>a_x0007_b</t>")), Refused(2, "shipper", "U+0007")),
    (
        "merged cells",
        rows(ROW, OTHER_ROW, after='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>'),
        Refused(2, None, "B2:B3 are merged", "unmerge"),
    ),
    (
        "merged cells beside the table",
        rows(ROW, after='<mergeCells><mergeCell ref="K2:L3"/></mergeCells>'),
        Taken(BATCH_300),
    ),
    ("hidden line", rows(ROW, OTHER_ROW, hidden=(3,)), Refused(3, None, "line is hidden", "filter")),
    (
        "hidden column",
        rows(ROW, before='<cols><col min="2" max="2" hidden="1"/></cols>'),
        Taken(BATCH_300, ("column shipper: the column is hidden",)),
    ),
    (
        "title above the header",
        workbook(sheet_xml(rows_xml([["March"], [], HEADER, ROW]))),
        Refused(1, None, "header is line 3"),
    ),
    (
        "two sheets of batches",
        workbook(sheet(), sheet(batch_id="B-2"), names=("March", "April")),
        Refused(None, None, "'March', 'April'", "leave one"),
    ),
    (
        "a hidden second sheet",
        workbook(sheet(), sheet(batch_id="B-2"), states=("visible", "veryHidden")),
        Refused(None, None, "'Sheet2' (hidden)"),
    ),
    (
        "batches on a hidden sheet only",
        workbook(sheet(), states=("hidden",)),
        Refused(None, None, "hidden sheet, 'Sheet1'", "show"),
    ),
    (
        "a cover before the batches",
        workbook(sheet_xml(rows_xml([["Cover"]])), sheet()),
        Taken(BATCH_300, ("sheet 'Sheet1' has no header",)),
    ),
    ("cell under no heading", rows([*ROW, "", "stray"]), Refused(2, None, "no heading", "name the column")),
    (
        "cell far to the right",
        workbook(sheet_xml(rows_xml([HEADER, ROW]) + '<row r="3"><c r="XFD3"><v>1</v></c></row>')),
        Refused(None, None, "cell XFD3"),
    ),
    (
        "a size that the sheet lies about",
        rows(ROW, before='<dimension ref="A1:XFD1048576"/>'),
        Taken(BATCH_300),
    ),
    (
        "lines out of order",
        workbook(sheet_xml(rows_xml([HEADER, ROW]) + rows_xml([OTHER_ROW], first=2))),
        Refused(None, None, "damaged: line 2 comes after line 2"),
    ),
    (
        "two cells of one name",
        workbook(
            sheet_xml(rows_xml([HEADER]) + '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>')
        ),
        Refused(None, None, "damaged: cell A2"),
    ),
    ("cell of no type", xlsx(vehicles=typed("z", "1")), Refused(None, None, "damaged: cell F2")),
    ("macros", rows(ROW, more={"xl/vbaProject.bin": b"\xd0\xcf"}), Taken(BATCH_300, ("macros",))),
    (
        "prefixed tags",
        workbook(sheet().replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")),
        Taken(BATCH_300),
    ),
]
