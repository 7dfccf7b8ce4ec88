"""A plan may be wrong anywhere and in any way: it is noticed, and the checker never raises."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta

import pytest

from planner.check import find_faults
from tests.planted import planted_plan
from tests.planted_charter import charter_world
from tests.planted_world import planted_problem

INFORMATIVE = {"label", "facts", "remedies", "baseline", "unit_value_cents", "lp_bound", "bound"}
"""Fields of a plan that say nothing a rule is about."""


@pytest.fixture(scope="module")
def worlds():
    problem = planted_problem()
    return {"first": (problem, planted_plan(problem)), "charter": charter_world()}


def list_fields(value, path=()):
    """Path and content of every plain field of a plan."""
    for field in fields(value):
        content = getattr(value, field.name)
        for number, item in enumerate(content) if isinstance(content, tuple) else [(None, content)]:
            here = (*path, (field.name, number))
            if is_dataclass(item):
                yield from list_fields(item, here)
            else:
                yield here, item


def is_line_of_second(path):
    """Whether a path leads to a cost line of the second itinerary of a batch."""
    return ("itineraries", 1) in path and any(name == "lines" for name, _ in path)


def with_field(value, path, content):
    """The plan with the field at a path replaced."""
    (name, number), *rest = path
    inner = getattr(value, name) if number is None else getattr(value, name)[number]
    changed = with_field(inner, rest, content) if rest else content
    if number is not None:
        items = list(getattr(value, name))
        items[number] = changed
        changed = tuple(items)
    return replace(value, **{name: changed})


def next_to(content):
    """The smallest changes of a value."""
    match content:
        case bool():
            return [not content]
        case int():
            return [content - 1, content + 1]
        case str():
            return [content + "X", ""]
        case date():
            return [content - timedelta(days=1), content + timedelta(days=1)]
    return []


def list_rows(value, path=()):
    """Path of every tuple of a plan that holds anything."""
    for field in fields(value):
        content = getattr(value, field.name)
        if isinstance(content, tuple) and content:
            yield (*path, (field.name, None))
            for number, item in enumerate(content):
                yield from list_rows(item, (*path, (field.name, number)))
        elif is_dataclass(content):
            yield from list_rows(content, (*path, (field.name, None)))


def at_path(value, path):
    """What stands at a path of a plan."""
    for name, number in path:
        value = getattr(value, name) if number is None else getattr(value, name)[number]
    return value


@pytest.mark.parametrize("name", ["first", "charter"])
def test_no_row_of_a_plan_can_be_left_out_or_doubled_unnoticed(worlds, name):
    problem, plan = worlds[name]
    unnoticed = []
    for path in list_rows(plan):
        rows = at_path(plan, path)
        for number, row in enumerate(rows):
            for instead in ((), (row, row)):
                changed = (*rows[:number], *instead, *rows[number + 1 :])
                if not find_faults(problem, with_field(plan, path, changed)):
                    unnoticed.append((path, number, instead))
    assert unnoticed == []


@pytest.mark.parametrize("name", ["first", "charter"])
def test_no_field_of_a_plan_can_be_changed_by_one_unnoticed(worlds, name):
    problem, plan = worlds[name]
    unnoticed = [
        (path, near)
        for path, content in list_fields(plan)
        # The lines of the second itinerary of a batch are made like those of the first.
        if path[-1][0] not in INFORMATIVE and not is_line_of_second(path)
        for near in next_to(content)
        if not find_faults(problem, with_field(plan, path, near))
    ]
    assert unnoticed == []


@pytest.mark.parametrize("nonsense", [None, "", "nowhere", -1, 0, 10**30, 0.5, date.max, date.min, (), True])
@pytest.mark.parametrize("name", ["first", "charter"])
def test_nonsense_in_any_field_is_found_and_never_raises(worlds, name, nonsense):
    problem, plan = worlds[name]
    paths = {}
    for path, content in list_fields(plan):
        # One field of each name and stage is enough.
        names = tuple(name for name, _ in path)
        stage = [number for name, number in path if name == "stages"]
        paths.setdefault((names, *stage), (path, content))
    for path, content in paths.values():
        if content != nonsense and path[-1][0] not in INFORMATIVE:
            assert find_faults(problem, with_field(plan, path, nonsense)), (path, nonsense)
