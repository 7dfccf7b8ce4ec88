"""Folders of own tables laid over a network: what takes whose place, and how faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import InputError
from planner.reading.schema import describe_tables
from planner.reading.tables import read_network

RATES = "service_id,from_place,to_place,charge,per,price,currency,source\n"
OWN_RATE = RATES + "RAIL-ILP-MAA,CGO-ILP,MALASZEWICZE,freight,feu,4800,USD,estimate: own contract\n"


def folder(root: Path, name: str, **tables: str) -> Path:
    path = root / name
    path.mkdir()
    for table, text in tables.items():
        (path / f"{table}.csv").write_text(text, encoding="utf-8")
    return path


def freight(network, service: str) -> list[tuple[str, float]]:
    return [
        (row.to_place, float(row.price))
        for row in network.tariffs
        if row.service_id == service and row.charge == "freight"
    ]


def test_own_rate_takes_the_place_of_the_shipped_ones(tmp_path):
    shipped = read_network()
    own = read_network(overlays=[folder(tmp_path, "own", tariffs=OWN_RATE)])
    assert len(freight(shipped, "RAIL-ILP-MAA")) == 2, "one for 2025, one from 2026 on"
    assert freight(own, "RAIL-ILP-MAA") == [("MALASZEWICZE", 480_000)]
    others = [row for row in shipped.tariffs if (row.service_id, row.charge) != ("RAIL-ILP-MAA", "freight")]
    assert [
        row for row in own.tariffs if (row.service_id, row.charge) != ("RAIL-ILP-MAA", "freight")
    ] == others
    assert own.digest != shipped.digest


def test_rows_of_a_place_that_is_not_there_are_added(tmp_path):
    space = "service_id,shipper,units,release_h,source\nRAIL-ILP-MAA,BYD,12,240,estimate: own contract\n"
    own = read_network(overlays=[folder(tmp_path, "own", allotments=space)])
    assert [(a.service_id, a.shipper) for a in own.allotments if a.shipper == "BYD"] == [
        ("RAIL-ILP-MAA", "BYD")
    ]


def test_later_overlay_lies_above_an_earlier(tmp_path):
    first = folder(tmp_path, "first", tariffs=OWN_RATE)
    second = folder(tmp_path, "second", tariffs=OWN_RATE.replace("4800", "4700"))
    assert freight(read_network(overlays=[first, second]), "RAIL-ILP-MAA") == [("MALASZEWICZE", 470_000)]
    assert freight(read_network(overlays=[second, first]), "RAIL-ILP-MAA") == [("MALASZEWICZE", 480_000)]


def test_calls_of_a_service_are_replaced_together(tmp_path):
    calls = (
        "service_id,seq,place_id,arrive_h,depart_h,load,unload,km_from_previous,source\n"
        "RAIL-ILP-MAA,1,CGO-ILP,,0,yes,no,,estimate: own timetable\n"
        "RAIL-ILP-MAA,2,MALASZEWICZE,300,,no,yes,9400,estimate: own timetable\n"
    )
    own = read_network(overlays=[folder(tmp_path, "own", calls=calls)])
    assert [call.place for call in own.services["RAIL-ILP-MAA"].calls] == ["CGO-ILP", "MALASZEWICZE"]


def test_closure_is_lifted_by_one_outside_the_timetable(tmp_path):
    closures = "what,first,last,effect,reason,source\nBREST,2030-01-01,2030-01-02,closed,open,estimate: x\n"
    own = read_network(overlays=[folder(tmp_path, "own", closures=closures)])
    assert [c.first.year for c in own.closures if c.what == "BREST"] == [2030]


def test_faults_name_the_file_of_the_overlay(tmp_path):
    wrong = OWN_RATE.replace("4800", "-1").replace("MALASZEWICZE", "MALASZEWICE")
    path = folder(tmp_path, "own", tariffs=wrong)
    with pytest.raises(InputError) as refused:
        read_network(overlays=[path])
    issues = refused.value.issues
    assert {issue.file for issue in issues} == {f"{path}/tariffs.csv"}
    assert {(issue.row, issue.column) for issue in issues} == {(2, "price"), (2, "to_place")}


def test_row_twice_in_an_overlay_is_refused(tmp_path):
    path = folder(tmp_path, "own", tariffs=OWN_RATE + OWN_RATE.removeprefix(RATES))
    with pytest.raises(InputError, match="the same as line 2"):
        read_network(overlays=[path])


@pytest.mark.parametrize(
    ("name", "reason"), [("nowhere", "no such folder"), ("empty", "no table of a network")]
)
def test_overlay_without_tables_is_refused(tmp_path, name, reason):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=reason):
        read_network(overlays=[tmp_path / name])


def test_stranger_in_an_overlay_is_refused(tmp_path):
    path = folder(tmp_path, "own", tariff=OWN_RATE)
    with pytest.raises(InputError, match="is no table of a network"):
        read_network(overlays=[path])


def test_every_table_says_what_an_overlay_replaces():
    for table in describe_tables().values():
        assert table.overlaid_by, table.name
        assert not table.key or set(table.overlaid_by) <= set(table.key), table.name
