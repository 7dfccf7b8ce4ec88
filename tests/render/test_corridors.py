"""What runs side by side is one line, and no step is drawn twice or left out."""

from __future__ import annotations

from planner.render.corridors import list_corridors
from tests.tiny import tiny

A, B, C, D, E = ((float(x), 0.0) for x in range(5))
SERVICES = tiny("""
    service one x -> y@1 price=1
    service two x -> y@1 price=1
    service back y -> x@1 price=1
    service ship x -> y@1 mode=roro price=1
    batch 1 car x -> y
""").network.services


def drawn(lines):
    return [(found.users, found.line) for found in list_corridors(SERVICES, lines)]


def test_services_share_the_stretch_that_both_run_over():
    assert drawn({"one": (A, B, C, D), "two": (A, B, C, E)}) == [
        (("one", "two"), (A, B, C)),
        (("one",), (C, D)),
        (("two",), (C, E)),
    ]


def test_the_way_back_is_the_same_line():
    assert drawn({"one": (A, B, C), "back": (C, B, A)}) == [(("one", "back"), (A, B, C))]


def test_modes_are_drawn_apart():
    assert [services for services, _ in drawn({"one": (A, B), "ship": (A, B)})] == [("one",), ("ship",)]


def test_a_line_that_joins_half_way_parts_the_stretch_there():
    assert drawn({"one": (A, B, C), "two": (B, C)}) == [(("one",), (A, B)), (("one", "two"), (B, C))]
