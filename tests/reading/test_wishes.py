"""Alternatives as a person writes them, and every way to write them wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import InputError
from planner.model import PlaceId, Problem
from planner.model.alternatives import Alternative
from planner.reading.wishes import read_alternatives
from tests.reading.network_folder import NetworkFolder
from tests.tiny import tiny


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    return Problem(network=NetworkFolder(Path(tmp_path_factory.mktemp("net")) / "net").read(), batches=())


def names(found: tuple[Alternative, ...]) -> list[str]:
    return [alternative.name for alternative in found]


def test_four_alternatives_are_always_there(network: Problem):
    assert names(read_alternatives(network, ())) == ["rail", "river-sea", "road-sea", "best"]


def test_every_wish_can_be_written(network: Problem):
    text = "south=modes=rail,roro; not-modes=road;needs=rail;via=Border,RAIL-EU;not-via=KZ,TRAIN"
    *_, found = read_alternatives(network, [text])
    assert found == Alternative(
        name="south",
        modes=("rail", "roro"),
        not_modes=("road",),
        needed_modes=("rail",),
        via=(PlaceId("BORDER"), PlaceId("RAIL-EU")),
        not_via=("KZ", "TRAIN"),
    )


def test_only_some_of_them_in_the_order_asked(network: Problem):
    found = read_alternatives(network, ["south=modes=rail"], ["best", "south", "best"])
    assert names(found) == ["best", "south"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("south", "is no name with wishes"),
        ("rail", "is no name with wishes"),
        ("=modes=rail", "is no name with wishes"),
        ("so uth=modes=rail", "is no name with wishes"),
        ("south=", "asks for nothing"),
        ("south=rail", "'rail' asks for nothing known"),
        ("south=mode=rail", "'mode=rail' asks for nothing known"),
        ("south=modes=rail;modes=roro", "modes stands twice"),
        ("south=modes=train", "modes: 'train' is not one of"),
        ("south=needs=road", "needs: 'road' is no mode"),
        ("south=via=BORDR", "via: 'BORDR' is no place"),
        ("south=not-via=XX", "not-via: 'XX' is no place, country or service"),
        ("south=via=PLANT,BORDER,RAIL-CN,RAIL-EU", "more than 3 places"),
        ("best=modes=rail", "best is the name of another alternative"),
    ],
)
def test_what_is_wrong_with_an_alternative_is_said(network: Problem, text: str, reason: str):
    with pytest.raises(InputError) as caught:
        read_alternatives(network, [text])
    (issue,) = caught.value.issues
    assert (issue.file, issue.value) == ("--alternative", text)
    assert reason in issue.reason


def test_an_unknown_alternative_is_refused_with_the_nearest(network: Problem):
    with pytest.raises(InputError) as caught:
        read_alternatives(network, ["bad"], ["raill", "best"])
    first, second = caught.value.issues
    assert (first.file, second.file) == ("--alternative", "--only")
    assert (second.value, second.hint) == ("raill", "did you mean rail?")


def test_what_no_batch_can_do_is_refused():
    problem: Problem = tiny(
        "place a\nplace d\nroad plant -> port hours=1\nbatch 1 car plant -> port via=a,b,c"
    )
    with pytest.raises(InputError, match="4 places"):
        read_alternatives(problem, ["x=via=d"])
    assert read_alternatives(problem, ["x=via=a"])[-1] == Alternative(name="x", via=(PlaceId("a"),))
