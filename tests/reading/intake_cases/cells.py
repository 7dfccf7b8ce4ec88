"""Ids, numbers and times in cells of text."""

from __future__ import annotations

from tests.reading.intake_cases.makers import ROW, Refused, Taken, plain, text, utc

CELLS = [
    ("id of 64 characters", text(batch_id="B" * 64), Taken({"id": "B" * 64})),
    ("id in Chinese", text(batch_id="三月1批"), Taken({"id": "三月1批"})),
    (
        "Cyrillic letter in an id",
        text(batch_id="А-1"),
        Refused(2, "batch_id", "cyrillic capital letter a", "plain letters"),
    ),
    ("Greek letter in an id", text(batch_id="B-Ο"), Refused(2, "batch_id", "greek capital letter omicron")),
    ("ligature in an id", text(batch_id="ﬁrst"), Refused(2, "batch_id", "latin small ligature fi")),
    ("bidirectional mark in an id", text(batch_id="B\u202e1"), Refused(2, "batch_id", "U+202E")),
    (
        "ids equal but for case",
        plain(ROW, ["b-1", *ROW[1:]]),
        Refused(3, "batch_id", "'B-1' of line 2 but for case"),
    ),
    (
        "ids equal but for width",
        plain(ROW, ["Ｂ-1", *ROW[1:]]),
        Refused(3, "batch_id", "is the id of line 2 too"),
    ),
    (
        "ids equal but for a blank",
        plain(ROW, ["B -1", *ROW[1:]]),
        Refused(3, "batch_id", "but for case, blanks"),
    ),
    (
        "leading zeros of an id",
        text(batch_id="007", vehicle_type="007"),
        Taken({"id": "007", "vehicle_type": "007"}),
    ),
    ("formula as an id", text(batch_id="=1+1"), Taken({"id": "=1+1"})),
    ("formula given back as an id", text(batch_id="'=1+1"), Taken({"id": "=1+1"}, ("apostrophe",))),
    ("error in free text", text(reference="#REF!"), Refused(2, "reference", "error of a spreadsheet")),
    ("too narrow a column", text(ready="######"), Refused(2, "ready", "error of a spreadsheet")),
    ("no number of vehicles", text(vehicles=""), Refused(2, "vehicles", "is blank")),
    ("Arabic digits", text(vehicles="٣٠"), Refused(2, "vehicles", "not a number")),
    ("一百二十", text(vehicles="一百二十"), Refused(2, "vehicles", "not a number")),
    ("superscript", text(vehicles="3²"), Refused(2, "vehicles", "not a number")),
    ("letter O", text(vehicles="30O"), Refused(2, "vehicles", "not a number")),
    ("full-width thousands", text(vehicles="１，２００"), Refused(2, "vehicles", "thousands separator")),
    ("point as thousands", text(early_price="1.200.000"), Refused(2, "early_price", "not a number")),
    ("decimal comma", text(early_price="12,5"), Refused(2, "early_price", "comma", "after a point")),
    ("negative zero", text(priority="-0"), Refused(2, "priority", "negative")),
    ("int64 and one", text(vehicles="9223372036854775808"), Refused(2, "vehicles", "too long")),
    ("as many vehicles as may be", text(vehicles="1000000"), Taken({"vehicles": 1_000_000})),
    ("one vehicle more", text(vehicles="1000001"), Refused(2, "vehicles", "above 1000000")),
    ("currency sign", text(late_price="¥100"), Refused(2, "late_price", "not a number")),
    ("percent", text(late_price="5%"), Refused(2, "late_price", "not a number")),
]

TIMES = [
    ("UTC time", text(ready="2027-03-01T08:00Z"), Taken({"ready_min": utc(2027, 3, 1, 8)})),
    (
        "time with an offset",
        text(ready="2027-03-01T08:00-03:30"),
        Taken({"ready_min": utc(2027, 3, 1, 11, 30)}),
    ),
    ("lower case t", text(ready="2027-03-01t08:00"), Refused(2, "ready", "no ISO date")),
    ("offset of no clock", text(ready="2027-03-01T08:00+15:00"), Refused(2, "ready", "offset")),
    ("name of a zone", text(ready="2027-03-01T08:00 CET"), Refused(2, "ready", "no ISO date")),
    ("seconds that are 0", text(due="2027-04-20T12:00:00.000"), Taken({"due_min": utc(2027, 4, 20, 10)})),
    ("leap second", text(ready="2027-03-01T23:59:60"), Refused(2, "ready", "whole minute")),
    ("due at 24:00", text(due="2027-04-20T24:00"), Taken({"due_min": utc(2027, 4, 20, 22)})),
    (
        "due at 24:00 of an offset",
        text(due="2027-04-20T24:00+08:00"),
        Taken({"due_min": utc(2027, 4, 20, 16)}),
    ),
    ("due at 24:00 UTC", text(due="2027-04-20T24:00:00Z"), Taken({"due_min": utc(2027, 4, 21)})),
    (
        "due at 24:00 in Beirut where 00:00 is skipped",
        text(destination="LB-YARD", due="2027-03-27T24:00"),
        Taken({"due_min": utc(2027, 3, 27, 22)}),
    ),
    ("due at 24:01", text(due="2027-04-20T24:01"), Refused(2, "due", "no time of day")),
    (
        "ready at 24:00",
        text(ready="2027-03-04T24:00"),
        Refused(2, "ready", "no time of day", "2027-03-05T00:00"),
    ),
    ("no leap day", text(ready="2027-02-29"), Refused(2, "ready", "no day of the calendar")),
    ("leap day", text(ready="2028-02-29", due="2028-04-01"), Taken({"ready_min": utc(2028, 2, 28, 16)})),
    (
        "in the gap of the clocks",
        text(due="2027-03-28T02:30"),
        Refused(2, "due", "does not exist", "before or after"),
    ),
    ("at the end of the gap", text(due="2027-03-28T03:00"), Taken({"due_min": utc(2027, 3, 28, 1)})),
    (
        "in the overlap of the clocks",
        text(due="2027-10-31T02:00"),
        Refused(2, "due", "exists twice", "+02:00 or"),
    ),
    (
        "in the overlap with its offset",
        text(due="2027-10-31T02:30+01:00"),
        Taken({"due_min": utc(2027, 10, 31, 1, 30)}),
    ),
    ("behind the overlap", text(due="2027-10-31T03:00"), Taken({"due_min": utc(2027, 10, 31, 2)})),
    ("two-digit year", text(ready="27-03-04"), Refused(2, "ready", "no ISO date", "four digits")),
    ("two-digit year last", text(ready="04.03.27"), Refused(2, "ready", "no ISO date", "four digits")),
    ("slashes", text(ready="2027/3/1"), Refused(2, "ready", "no ISO date", "write 2027-03-01")),
    ("day first", text(ready="1.3.2027"), Refused(2, "ready", "ambiguous", "2027-03-01 or 2027-01-03")),
    ("without marks", text(ready="20270301"), Refused(2, "ready", "no ISO date", "write 2027-03-01")),
    (
        "serial as text",
        text(ready="46450"),
        Refused(2, "ready", "no ISO date", "2027-03-04, if the day number"),
    ),
    ("milliseconds", text(ready="1804118400000"), Refused(2, "ready", "no ISO date")),
    (
        "2027年3月1日",
        text(ready="2027年3月1日"),
        Taken({"ready_min": utc(2027, 2, 28, 16)}, ("Chinese dates",)),
    ),
    (
        "2027年3月1日8时30分",
        text(ready="2027年3月1日 8时30分"),
        Taken({"ready_min": utc(2027, 3, 1, 0, 30)}, ("Chinese dates",)),
    ),
    ("2027年2月30日", text(ready="2027年2月30日"), Refused(2, "ready", "no day of the calendar")),
    ("3月1日", text(ready="3月1日"), Refused(2, "ready", "no ISO date")),
    ("year 0001", text(ready="0001-01-01"), Refused(2, "ready", "outside the years")),
    ("Buddhist year", text(ready="2570-03-01"), Refused(2, "ready", "outside the years")),
    ("a wrong year of due", text(due="2031-04-20"), Refused(2, "due", "more than 1100 days", "year")),
]
