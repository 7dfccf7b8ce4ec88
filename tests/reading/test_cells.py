"""One cell of text: what it becomes, and why it is refused."""

from __future__ import annotations

import contextlib
from datetime import date, time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.reading import cells
from planner.reading.rows import PARSERS


def reason_of(parse, text: str) -> str:
    with pytest.raises(cells.CellError) as caught:
        parse(text)
    return caught.value.reason


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (cells.parse_integer, "0", 0),
        (cells.parse_integer, "007", 7),
        (cells.parse_decimal, "0.1", Fraction(1, 10)),
        (cells.parse_decimal, "999999999999.999", Fraction(999_999_999_999_999, 1000)),
        (cells.parse_hundredths, "1.27", 127),
        (cells.parse_hundredths, "1.270", 127),
        (cells.parse_hours, "96.05", 5_763),
        (cells.parse_date, "2028-02-29", date(2028, 2, 29)),
        (cells.parse_local_time, "23:59", time(23, 59)),
        (cells.parse_weekdays, "7  1", (1, 7)),
        (cells.parse_list, "a; b", ("a", "b")),
        (cells.parse_yes_no, "no", False),
        (cells.parse_time_zone, "America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        (cells.parse_time_zone, "UTC", "UTC"),
        (cells.parse_sources, "R1", ("R1",)),
        (cells.parse_sources, "R19;R03;estimate: by map; halved", ("R19", "R03")),
        (cells.parse_sources, "R19; estimate: by map", ("R19",)),
        (cells.parse_sources, "estimate: by map", ()),
        (cells.parse_text, "机场 港", "机场 港"),
    ],
)
def test_good_text_becomes_its_exact_value(parse, text: str, value: object):
    assert parse(text) == value


@pytest.mark.parametrize(
    "parse",
    [
        cells.parse_text,
        cells.parse_id,
        cells.parse_yes_no,
        cells.parse_list,
        cells.parse_sources,
        cells.parse_decimal,
        cells.parse_integer,
        cells.parse_hours,
        cells.parse_date,
        cells.parse_local_time,
        cells.parse_weekdays,
        cells.parse_country,
        cells.parse_currency,
        cells.parse_time_zone,
    ],
)
def test_blank_is_refused_as_blank(parse):
    assert reason_of(parse, "") == "is blank"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1,200", "thousands"),
        ("1 200", "thousands"),
        ("1'200", "thousands"),
        ("1\u00a0200", "thousands"),
        ("1_000", "thousands"),
        ("12,5", "comma"),
        ("1.200.000", "not a number"),
        ("nan", "finite"),
        ("-inf", "finite"),
        ("1e309", "exponent"),
        ("1E5", "exponent"),
        ("-5", "negative"),
        ("\u22125", "negative"),
        ("+5", "not a number"),
        ("12O", "not a number"),
        ("120台", "not a number"),
        ("³", "not a number"),
        ("١٢", "not a number"),
        ("１２", "not a number"),
        ("0x78", "not a number"),
        (".5", "not a number"),
        ("5.", "not a number"),
        ("9" * 5_000, "too long"),
        ("12.0", "whole"),
    ],
)
def test_text_that_is_no_plain_number_says_why(text: str, word: str):
    assert word in reason_of(cells.parse_integer, text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("03/04/2027", "ambiguous"),
        ("25/12/2027", "ISO"),
        ("3.4.27", "ISO"),
        ("2027/03/04", "ISO"),
        ("2027年3月1日", "ISO"),
        ("20270304", "ISO"),
        ("46085", "ISO"),
        ("2027-13-01", "calendar"),
        ("2027-02-29", "calendar"),
        ("0001-01-01", "years"),
        ("2570-01-01", "years"),
        ("2027-03-04T00:00", "ISO"),
    ],
)
def test_text_that_is_no_day_says_why(text: str, word: str):
    assert word in reason_of(cells.parse_date, text)


@pytest.mark.parametrize("text", ["24:00", "8:30", "08.30", "08:60", "0830", "08:30:00"])
def test_text_that_is_no_time_of_day_is_refused(text: str):
    assert reason_of(cells.parse_local_time, text) == "is no time of day"


@pytest.mark.parametrize(
    "text", ["../UTC", "/etc/localtime", "Asia", "localtime", "CST", "Asia/Nowhere", "a\0/b"]
)
def test_text_that_is_no_time_zone_is_refused(text: str):
    assert reason_of(cells.parse_time_zone, text) == "is no time zone"


@pytest.mark.parametrize("text", ["\u0412001", "B 1", "-1", "=1+1", "B;1", "B\u200b1", "a|b"])
def test_ids_are_plain_so_that_no_two_look_alike(text: str):
    assert reason_of(cells.parse_id, text) == "is no id"


def test_nearest_word_is_suggested_whatever_its_case():
    assert cells.suggest("cnsah", ["CNSHA", "DEHAM"]) == "did you mean CNSHA?"
    assert cells.suggest("quite another", ["CNSHA", "DEHAM"]) == ""
    assert cells.suggest("x", []) == ""


@given(st.integers(0, 10**10), st.integers(0, 99))
def test_hundredths_are_read_without_loss(whole: int, hundredths: int):
    assert cells.parse_hundredths(f"{whole}.{hundredths:02}") == 100 * whole + hundredths


@given(st.text())
@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
def test_any_text_is_read_or_refused_and_nothing_else(parse, text: str):
    with contextlib.suppress(cells.CellError):
        parse(text)
