"""The command that makes a plan again, from its run record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from planner.model.alternatives import ALTERNATIVES, Alternative
from planner.model.results import SolveOptions
from planner.render.document import plan_document
from planner.render.report_record import command_again
from planner.render.run_record import RunRecord
from tests.render.sample_plan import PROBLEM, RESULT


def command(terms=None, **record):
    problem = PROBLEM if terms is None else replace(PROBLEM, terms=replace(PROBLEM.terms, **terms))
    return command_again(plan_document(problem, RESULT, RunRecord(**record))["runRecord"])


def test_terms_and_options_are_written_out():
    terms = {"carrying_rate": Fraction(8, 100), "unplanned_price": Fraction(2_000_000)}
    assert command(terms) == (
        "landbridge plan batches.csv --objective cost --currency USD --carrying-rate 0.08 "
        "--unplanned-price 20000.00 --times typical --seed 1"
    )


def test_what_was_given_besides_is_said():
    terms = {
        "objective": "blend",
        "day_value": Fraction(1_050),
        "carbon_price": Fraction(10_000),
        "today": date(2027, 3, 1),
    }
    options = SolveOptions(seed=7, slot_values=3)
    text = command(terms, options=options, rates_date=date(2026, 1, 2), kept_plan_sha256="f" * 64)
    for words in ("--objective blend", "--day-value 10.50", "--carbon-price 100.00", "--today 2027-03-01"):
        assert words in text
    for words in ("--rates-date 2026-01-02", "--keep kept.json", "--seed 7", "--slot-values 3"):
        assert words in text


def test_what_if_is_asked_again():
    text = command(what_if=["close SUEZ:2027-03-01..2027-04-01", "price TRAIN=5000"])
    assert "--close SUEZ:2027-03-01..2027-04-01 --price TRAIN=5000" in text


def test_a_plan_of_a_comparison_is_made_by_the_comparison():
    own = Alternative(name="south", modes=("rail",), not_via=("RU", "BY"))
    record = plan_document(PROBLEM, RESULT, RunRecord())["runRecord"]
    text = command_again(record, (*ALTERNATIVES[:1], own))
    start = "landbridge compare batches.csv --alternative 'south=modes=rail;not-via=RU,BY' --only rail,south"
    assert text.startswith(start)


def test_what_no_decimal_says_stands_as_a_fraction():
    assert "--carrying-rate 1/3" in command(
        {"carrying_rate": Fraction(1, 3), "unplanned_price": Fraction(1, 3)}
    )
    assert "--unplanned-price 1/300" in command({"unplanned_price": Fraction(1, 3)})
