"""Which handling row counts for a change, and which calls and places there are."""

from __future__ import annotations

import pytest

from planner.pricebook import PriceBook, PricingError
from tests.planted import with_tables
from tests.planted_world import handling, planted_problem


@pytest.fixture(scope="module")
def problem():
    return planted_problem()


def chosen_price(problem, *rows, change="road>roro loose>loose"):
    """Dollars of the row chosen at the port."""
    modes, forms = change.split()
    book = PriceBook(with_tables(problem, handling=rows).network)
    (from_mode, to_mode), (from_form, to_form) = modes.split(">"), forms.split(">")
    return book.get_handling("PORT", from_mode, from_form, to_mode, to_form).price / 100


def row(price, modes, where="PORT", forms="loose>loose"):
    return handling(where, f"{modes} {forms}", 60, f"{price}/vehicle")


def test_row_of_the_place_beats_a_closer_row_of_its_kind(problem):
    rows = row(1, ">"), row(2, "road>roro", where="sea_port")
    assert chosen_price(problem, *rows) == 1


def test_row_that_names_more_modes_wins_then_the_one_that_names_from_mode(problem):
    rows = row(1, ">"), row(2, ">roro"), row(3, "road>"), row(4, "road>roro")
    assert chosen_price(problem, *rows) == 4
    assert chosen_price(problem, *rows[:3]) == 3
    assert chosen_price(problem, *rows[:2]) == 2
    assert chosen_price(problem, *rows[:1]) == 1


def test_row_for_other_modes_or_forms_does_not_count(problem):
    rows = row(1, "rail>"), row(2, ">barge"), row(3, ">", forms="loose>boxed"), row(4, ">", where="QUAY")
    with pytest.raises(PricingError, match="no row"):
        chosen_price(problem, *rows)
    assert chosen_price(problem, *rows, change="rail>roro loose>loose") == 1
    assert chosen_price(problem, *rows, change="road>barge loose>loose") == 2
    assert chosen_price(problem, *rows, change="road>roro loose>boxed") == 3


@pytest.mark.parametrize("change", ["origin>roro", "road>delivery", "origin>delivery"])
def test_origin_and_delivery_have_to_be_named(problem, change):
    with pytest.raises(PricingError, match="no row"):
        chosen_price(problem, row(1, ">"), row(2, "road>roro"), change=f"{change} loose>loose")
    from_mode, to_mode = change.split(">")
    named = f"{from_mode if from_mode == 'origin' else ''}>{to_mode if to_mode == 'delivery' else ''}"
    assert chosen_price(problem, row(1, ">"), row(5, named), change=f"{change} loose>loose") == 5


def test_two_equally_good_rows_are_refused(problem):
    with pytest.raises(PricingError, match="two rows"):
        chosen_price(problem, row(1, "road>"), row(2, "road>"), row(3, ">roro"))
    # A tie among rows that are beaten harms nobody.
    assert chosen_price(problem, row(1, "road>"), row(2, "road>"), row(3, "road>roro")) == 3


def test_call_is_found_by_its_number_along_the_service_not_by_its_place_in_the_list(problem):
    book = PriceBook(problem.network)
    assert [book.get_call_number("TRAIN", seq) for seq in (10, 20, 30)] == [0, 1, 2]
    assert book.get_call("TRAIN", 20).place == "BORDER"


@pytest.mark.parametrize(
    "look_up",
    [
        lambda book: book.get_place("NOWHERE"),
        lambda book: book.get_service("FERRY"),
        lambda book: book.get_service(None),
        lambda book: book.get_call("TRAIN", 1),
        lambda book: book.get_vehicle_type("BUS"),
    ],
)
def test_what_is_not_in_the_tables_is_refused_by_name(problem, look_up):
    with pytest.raises(PricingError, match=r"NOWHERE|FERRY|None|TRAIN|BUS"):
        look_up(PriceBook(problem.network))
