"""What rows stand on, and the counts of a whole network."""

from __future__ import annotations

import pytest

from planner.model.sources import Source
from planner.provenance import DERIVED, ESTIMATED, GROUNDS, SOURCED, ground_of, split_source, trace_tables
from planner.reading.tables import read_network

SOURCES = {
    "R1": Source(id="R1", title="official", grade="A", date="2024-05"),
    "R2": Source(id="R2", title="blog", grade="C", date="n.d."),
    "R3": Source(id="R3", title="ungraded"),
}


@pytest.mark.parametrize(
    ("cell", "ground", "grade"),
    [
        ("R1", SOURCED, "A"),
        ("R1;R2", SOURCED, "C"),
        ("R1;estimate: split evenly", DERIVED, "A"),
        ("R1;R3;estimate: split; evenly", DERIVED, "?"),
        ("estimate: R1 is no source here", ESTIMATED, ""),
    ],
)
def test_a_row_stands_on_its_weakest_source(cell, ground, grade):
    found = ground_of(cell, SOURCES)
    assert (found.ground, found.grade) == (ground, grade)


def test_grounds_are_ordered_from_solid_to_weak():
    cells = ["R1", "R2", "R1;estimate: x", "R2;estimate: x", "estimate: x"]
    found = [ground_of(cell, SOURCES) for cell in cells]
    assert found == sorted(found, key=lambda ground: ground.weakness)
    assert [str(each) for each in found[::4]] == ["sourced (A)", "estimated"]


def test_an_estimate_takes_the_rest_of_the_cell():
    assert split_source("R1; R2;estimate: mean of R3; R4") == (("R1", "R2"), "mean of R3; R4")


def test_every_row_of_the_shipped_tables_is_counted_once():
    network = read_network()
    for table in trace_tables(network):
        assert table.rows == len(network.row_sources[table.table])
        assert sum(table.grounds.values()) == table.rows
        assert set(table.grounds) <= set(GROUNDS)
        assert table.grounds.get(ESTIMATED, 0) + sum(table.grades.values()) == table.rows
        if table.oldest is not None:
            assert 1990 < table.oldest <= (table.newest or 0) < 2030


def test_every_shipped_source_has_a_grade():
    assert {source.grade for source in read_network().sources.values()} <= set("ABCD")
