"""Which timetables are made and kept: asked in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.errors import InputError
from service.routes.bounds import RouteBounds
from service.routes.clerk import Clerk, SlowError
from tests.service.routes.questions import EASY, make_network, of_library


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_network(tmp_path_factory.mktemp("network") / "tables"))


def test_questions_of_half_a_year_share_a_timetable(network: str):
    clerk = Clerk(RouteBounds())
    first = clerk.read(network, EASY).desk
    for more in (
        {"ready": "2025-02-01"},
        {"ready": "2025-05-01", "due": "2025-07-01"},
        {"vehicleType": "VAN"},
    ):
        assert clerk.read(network, {**EASY, **more}).desk is first
    assert clerk.read(network, {**EASY, "ready": "2025-11-01"}).desk is not first


def test_only_so_many_timetables_are_kept_and_other_terms_take_nothing_from_the_usual(network: str):
    clerk = Clerk(RouteBounds(desks=1))
    usual = clerk.read(network, EASY).desk
    others = [
        clerk.read(network, {**EASY, **more}).desk for more in ({"times": "low"}, {"carryingRate": "1%"})
    ]
    assert clerk.read(network, EASY).desk is usual
    assert clerk.read(network, {**EASY, "carryingRate": "1%"}).desk is others[1]
    assert clerk.read(network, {**EASY, "times": "low"}).desk is not others[0]
    clerk.read(network, {**EASY, "ready": "2025-11-01"})
    assert clerk.read(network, EASY).desk is not usual


def test_timetables_are_forgotten_where_memory_is_short(network: str):
    clerk = Clerk(RouteBounds(memory_mb=1, desks=5))
    first = clerk.read(network, EASY).desk
    clerk.read(network, {**EASY, "ready": "2025-11-01"})
    assert clerk.read(network, EASY).desk is not first


def test_far_due_dates_have_a_timetable_that_reaches_them(network: str):
    clerk = Clerk(RouteBounds())
    near = clerk.read(network, EASY).desk
    question = {**EASY, "due": "2026-03-20", "latePrice": "1"}
    far = clerk.read(network, question)
    assert far.desk is not near
    assert clerk.answer(far) == of_library(question, Path(network))


def test_a_search_that_was_given_up_leaves_the_timetable_sound(network: str):
    questions = [EASY, {**EASY, "due": "2025-05-20", "alternatives": 2}, {**EASY, "vehicles": 5000}]
    clerk = Clerk(RouteBounds(search_s=0))
    for question in questions:
        with pytest.raises(SlowError):
            clerk.answer(clerk.read(network, question))
    clerk._deadline._seconds = 60
    for question in questions:
        assert clerk.answer(clerk.read(network, question)) == of_library(question, Path(network))


def test_making_ready_before_the_first_question_makes_the_timetable_of_the_day(network: str):
    clerk = Clerk(RouteBounds())
    asked = clerk.read(network, EASY)
    warm = Clerk(RouteBounds())
    warm.warm(network, asked.asked.query.shipment.ready_min)
    kept = next(iter(warm._usual.values()))
    assert warm.read(network, EASY).desk is kept


def test_what_is_no_question_is_refused(network: str):
    for wrong in ([], "text", None, {}):
        with pytest.raises(InputError) as caught:
            Clerk(RouteBounds()).read(network, wrong)
        assert all(issue.column.startswith("/") for issue in caught.value.issues), json.dumps(wrong)
