"""The tables held against published figures: what is inside, and that the shipped network is."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from planner.backtest import backtest
from planner.errors import InputError
from planner.model.observations import CLAIM, HOLD_OUT, TABLE, Observation
from planner.provenance import split_source
from planner.reading.tables import read_network
from tests.tiny import tiny

FOLDER = Path(__file__).resolve().parents[1] / "network_data"
WORLD = """
    service train plant -> border@48 -> market@240 leaves=Mon price=700
    batch 1 car plant -> market due=400
"""


def observed(measure, low, high=None, **changes):
    row = Observation(
        id="OBS-1",
        what="seen",
        service_id="train",
        from_place="plant",
        to_place="market",
        measure=measure,
        low=Fraction(low),
        high=Fraction(high or low),
        per="vehicle",
        day="2025-03-03",
        group=TABLE,
    )
    return replace(row, **changes)


def compared(*observations):
    network = tiny(WORLD).network
    return backtest(replace(network, observations=observations))


@pytest.mark.parametrize(
    ("low", "high", "is_inside"),
    [
        (10, 10, True),
        ("8.7", "8.7", True),
        ("8.69", "8.69", False),
        ("11.76", "11.76", True),
        ("11.77", "11.77", False),
        (9, 10, True),
        (10, 12, True),
        (8, "9.99", False),
        ("10.01", 12, False),
    ],
)
def test_a_single_figure_is_met_within_15_percent_a_range_by_what_lies_in_it(low, high, is_inside):
    (found,) = compared(observed("days", low, high))
    assert found.ours == 10
    assert found.is_inside == is_inside


def test_days_and_price_are_those_of_the_calls_and_the_tariff():
    days, price = compared(
        observed("days", 2, to_place="border"),
        observed("price", 700),
    )
    assert (days.ours, price.ours) == (2, 700)


def test_a_journey_without_a_service_is_listed_and_not_inside():
    (found,) = compared(observed("days", 10, service_id=None))
    assert found.ours is None
    assert not found.is_inside
    assert found.deviation is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"to_place": "plant", "from_place": "market"}, "does not come before"),
        ({"to_place": "nowhere"}, "does not call at nowhere"),
        ({"per": "feu"}, "no freight per feu"),
        ({"day": "spring"}, "which is no day"),
    ],
)
def test_an_observation_that_fits_no_service_is_named(changes, words):
    with pytest.raises(InputError, match=words):
        compared(observed("price", 10, **changes))


@pytest.fixture(scope="module")
def shipped():
    network = read_network()
    return network, backtest(network)


def share_inside(comparisons, group):
    held = [c for c in comparisons if c.observation.group == group and c.ours is not None]
    return len(held), sum(c.is_inside for c in held) / len(held)


def test_shipped_tables_agree_with_what_was_published(shipped):
    _, comparisons = shipped
    number, share = share_inside(comparisons, TABLE)
    assert number >= 40
    assert share >= 0.85
    number, share = share_inside(comparisons, HOLD_OUT)
    assert number >= 15
    assert share >= 0.75


def test_the_claim_of_15_days_has_lines_of_its_own(shipped):
    _, comparisons = shipped
    ours = {
        (c.observation.service_id, c.observation.to_place): float(c.ours or 0)
        for c in comparisons
        if c.observation.group == CLAIM
    }
    assert ours["RAIL-ILP-MAA", "MALASZEWICZE"] == 15
    assert ours["RAIL-PUT-HAM-FT", "HAM-BILLWERDER"] == 12.5
    assert ours["RAIL-PUT-HAM", "HAM-BILLWERDER"] == 21


def test_every_third_source_is_held_out_and_feeds_no_table(shipped):
    network, comparisons = shipped

    def rank(source):
        return re.sub(r"\d", "", source), int(re.sub(r"\D", "", source))

    groups = {
        split_source(c.observation.source)[0][0]: c.observation.group
        for c in comparisons
        if c.observation.group != CLAIM
    }
    in_order = sorted(groups, key=rank)
    assert [s for s in in_order if groups[s] == HOLD_OUT] == in_order[1::3]
    cited = {
        source
        for table, cells in network.row_sources.items()
        if table != "observed"
        for cell in cells
        for source in split_source(cell)[0]
    }
    assert not cited & {source for source, group in groups.items() if group == HOLD_OUT}


def test_observations_are_named_one_by_one():
    with (FOLDER / "observed.csv").open(encoding="utf-8", newline="") as file:
        names = [row["observation_id"] for row in csv.DictReader(file)]
    assert names == [f"OBS-{number:03}" for number in range(1, len(names) + 1)]
