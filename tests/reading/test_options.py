"""Options of the command line as terms: prices of days and carbon, arrivals, the day the plan is made on."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from planner.errors import InputError
from planner.model import Network, Terms
from planner.reading.cells import CellError
from planner.reading.options import check_blend, terms_of
from tests.reading.network_folder import NetworkFolder


@pytest.fixture
def folder(tmp_path: Path) -> NetworkFolder:
    return NetworkFolder(tmp_path / "net")


def terms(network: Network, objective: str = "cost", **options: object) -> Terms:
    return terms_of(
        network,
        objective=objective,
        currency="USD",
        carrying_rate=Fraction(8, 100),
        unplanned_price=None,
        **options,
    )


def test_terms_are_those_of_the_model_where_no_option_is_given(folder: NetworkFolder):
    assert terms(folder.read()) == Terms()


def test_every_option_becomes_a_term(folder: NetworkFolder):
    day_value, carbon_price = Fraction(1_250), Fraction(9_000)
    found = terms(
        folder.read(),
        "blend",
        day_value=day_value,
        carbon_price=carbon_price,
        times="high",
        today=date(2026, 3, 4),
    )
    assert (found.objective, found.day_value, found.carbon_price) == ("blend", day_value, carbon_price)
    assert (found.times, found.today) == ("high", date(2026, 3, 4))


@pytest.mark.parametrize(
    ("objective", "carbon_price", "asked"),
    [("co2e", None, "--objective co2e"), ("blend", Fraction(1), "--carbon-price")],
)
def test_emissions_that_are_not_known_cannot_count(
    folder: NetworkFolder, objective: str, carbon_price: Fraction | None, asked: str
):
    folder.file("emission_factors").unlink()
    network = folder.read()
    with pytest.raises(InputError) as caught:
        terms(network, objective, day_value=Fraction(1), carbon_price=carbon_price)
    (issue,) = caught.value.issues
    assert issue.file == "emission_factors.csv"
    assert issue.reason == f"the network has no emission factors, {asked} needs them"


def test_blend_of_days_alone_needs_no_emissions(folder: NetworkFolder):
    folder.file("emission_factors").unlink()
    assert terms(folder.read(), "blend", day_value=Fraction(1)).day_value == 1


def test_blend_of_nothing_is_refused_with_what_is_missing():
    with pytest.raises(CellError, match="give --day-value or --carbon-price"):
        check_blend("blend", None, None)
    check_blend("blend", "12", None)
    check_blend("blend", None, "80")


@pytest.mark.parametrize("objective", ["cost", "time", "co2e"])
def test_prices_of_a_blend_are_refused_elsewhere(objective: str):
    with pytest.raises(CellError, match="takes no --day-value"):
        check_blend(objective, "12", None)
    with pytest.raises(CellError, match="takes no --carbon-price"):
        check_blend(objective, None, "12")
    check_blend(objective, None, None)
