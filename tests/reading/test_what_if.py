"""Switches of what-if: what they say, and every way to write them wrong."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from planner.errors import InputError
from planner.model import Network, ServiceId
from planner.reading.what_if import read_changes
from planner.what_if import Close, Reprice, Resize
from tests.reading.network_folder import NetworkFolder


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return NetworkFolder(Path(tmp_path_factory.mktemp("net")) / "net").read()


def test_every_switch_is_a_change(network: Network):
    found = read_changes(
        network,
        [
            ("close", "Border:2025-03-01..2025-03-15"),
            ("close", "TRAIN:2025-03-01..2025-03-02"),
            ("price", "TRAIN=-10%"),
            ("price", "BARGE=+2.5%"),
            ("price", "rail=5%"),
            ("capacity", "TRAIN=60"),
            ("capacity", "River line=40.25"),
        ],
    )
    assert found == (
        Close(what="BORDER", first=date(2025, 3, 1), last=date(2025, 3, 15)),
        Close(what="TRAIN", first=date(2025, 3, 1), last=date(2025, 3, 2)),
        Reprice(services=(ServiceId("TRAIN"),), factor=Fraction(9, 10)),
        Reprice(services=(ServiceId("BARGE"),), factor=Fraction(1025, 1000)),
        Reprice(services=(ServiceId("TRAIN"),), factor=Fraction(105, 100)),
        Resize(service=ServiceId("TRAIN"), capacity=60),
        Resize(service=ServiceId("BARGE"), capacity=4_025),
    )


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("close", "BORDR:2025-03-01..2025-03-15", "'BORDR' is no place and no service"),
        ("close", "BORDER", "is no place and days"),
        ("close", "BORDER:2025-03-01", "is no place and days"),
        ("close", "BORDER:2025-03-01..15.03.2025", "'15.03.2025'"),
        ("close", "BORDER:2025-03-15..2025-03-15", "is not after"),
        ("close", "KZ:2025-03-01..2025-03-15", "'KZ' is a country"),
        ("price", "TRAIN", "is no service and change"),
        ("price", "TRAIN=100", "is no service and change"),
        ("price", "TRAIN=ten%", "'ten%'"),
        ("price", "TRAIN=-110%", "leaves no price"),
        ("price", "TRAIN=+1000%", "leaves no price"),
        ("price", "BORDER=+1%", "'BORDER' is a place"),
        ("price", "FERRY=+1%", "'FERRY' is no place and no service"),
        ("capacity", "TRAIN", "is no service and room"),
        ("capacity", "TRAIN=-1", "'-1'"),
        ("capacity", "TRAIN=1.5", "'1.5'"),
        ("capacity", "rail=5", "'rail' is no place and no service"),
        ("shut", "TRAIN", "is no switch known here"),
    ],
)
def test_what_is_wrong_with_a_switch_is_said(network: Network, kind: str, text: str, reason: str):
    with pytest.raises(InputError) as caught:
        read_changes(network, [(kind, text)])
    (issue,) = caught.value.issues
    assert reason in issue.reason
    assert text in (issue.value or "")


def test_all_faults_are_told_at_once(network: Network):
    with pytest.raises(InputError) as caught:
        read_changes(network, [("close", "X:1..2"), ("price", "TRAIN=1%"), ("capacity", "TRAIN=x")])
    assert [issue.file for issue in caught.value.issues] == ["--close", "--capacity"]
