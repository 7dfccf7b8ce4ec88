"""Commands on saved plans as a user meets them: explain, diff, and planning again with what is kept."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from tests.command import run
from tests.reading.network_folder import network_with_unloading
from tests.render.geojson_rules import list_faults

HEADER = "batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due"
BATCHES = f"""{HEADER}
B-1,BYD,PLANT,MARKET,SUV,10,2025-03-03,2025-04-20
B-2,BYD,PLANT,MARKET,SUV,4,2025-03-04,2025-04-20
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A plant, a train, a terminal, a market, and roads between them."""
    return network_with_unloading(tmp_path_factory.mktemp("network") / "tables").path


@pytest.fixture(scope="module")
def saved(network, tmp_path_factory):
    """A plan of the batches in a folder, with the batches beside it."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "batches.csv").write_text(BATCHES, encoding="utf-8")
    assert run("plan", folder / "batches.csv", "--network", network, "--out", folder).exit_code == 0
    return folder


@pytest.fixture
def booked(saved, tmp_path):
    """The plan with the first itinerary of the first batch booked."""
    document = json.loads((saved / "plan.json").read_text(encoding="utf-8"))
    document["plan"]["batches"][0]["itineraries"][0]["booked"] = True
    path = tmp_path / "booked.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def data_of_report(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def booked_vehicles(folder):
    document = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return document["plan"]["totals"]["bookedVehicles"]


@pytest.mark.parametrize("command", ["explain", "diff"])
def test_every_command_explains_itself(command):
    assert run(command, "--help").exit_code == 0


def test_a_report_and_features_stand_beside_the_plan(saved, network, tmp_path):
    document = json.loads((saved / "plan.json").read_text(encoding="utf-8"))
    data = data_of_report(saved)
    assert (data["lang"], data["headline"]["cents"]) == ("en", document["plan"]["cents"])
    assert data["record"] == document["runRecord"]
    features = json.loads((saved / "plan.geojson").read_text(encoding="utf-8"))
    assert list_faults(features) == []
    assert features["plan"] == document["runRecord"]["planSha256"]
    options = ("--network", network, "--out", tmp_path, "--lang", "zh")
    assert run("plan", saved / "batches.csv", *options).exit_code == 0
    assert '<html lang="zh-Hans">' in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_command_in_a_report_makes_the_same_plan(saved, network, tmp_path):
    data = data_of_report(saved)
    name, *arguments = shlex.split(data["command"].replace("batches.csv", str(saved / "batches.csv")))
    assert name == "landbridge"
    assert run(*arguments, "--network", network, "--out", tmp_path).exit_code == 0
    assert data_of_report(tmp_path)["record"]["planSha256"] == data["record"]["planSha256"]


def test_plan_explains_a_batch_below_the_plan(saved, network):
    plain, more = (
        run("plan", saved / "batches.csv", "--network", network, *options)
        for options in ((), ("--explain", "B-2"))
    )
    assert more.stdout.startswith(plain.stdout)
    below = more.stdout.removeprefix(plain.stdout)
    assert below.startswith("\nBatch      B-2 BYD\n")
    assert "by rail: TRAIN of" in " ".join(below.split())


def test_a_saved_plan_explains_the_same(saved, network):
    planned = run("plan", saved / "batches.csv", "--network", network, "--explain", "B-1", "--explain", "B-2")
    explained = run(
        *("explain", saved / "plan.json", "--batches", saved / "batches.csv", "--network", network),
        *("--batch", "B-1", "--batch", "B-2"),
    )
    assert (explained.exit_code, explained.stderr) == (0, "")
    assert planned.stdout.endswith(f"\n{explained.stdout}")


def test_a_batch_that_does_not_exist_gets_the_nearest(saved, network):
    for command in (
        ("plan", saved / "batches.csv", "--explain", "B1"),
        ("explain", saved / "plan.json", "--batches", saved / "batches.csv", "--batch", "B1"),
    ):
        done = run(*command, "--network", network)
        assert (done.exit_code, done.stdout) == (3, "")
        assert "'B1': no batch has this id (did you mean B-1?)" in done.stderr


def test_a_plan_that_does_not_hold_is_not_explained(saved, network, tmp_path):
    document = json.loads((saved / "plan.json").read_text(encoding="utf-8"))
    document["plan"]["cents"] += 1
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run("explain", path, "--batches", saved / "batches.csv", "--network", network, "--batch", "B-1")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "the plan does not hold: total_cents" in done.stderr


def test_a_plan_of_another_network_is_not_explained(saved, network, tmp_path):
    document = json.loads((saved / "plan.json").read_text(encoding="utf-8"))
    document["runRecord"]["inputs"]["networkSha256"] = "0" * 64
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run("explain", path, "--batches", saved / "batches.csv", "--network", network, "--batch", "B-1")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "was made on the network 000000000000..." in done.stderr


def test_what_is_booked_is_kept_and_the_new_plan_holds(saved, booked, network, tmp_path):
    batches = saved / "batches.csv"
    done = run("plan", batches, "--network", network, "--keep", booked, "--out", tmp_path)
    assert done.exit_code == 0
    assert "10 of them kept as booked" in done.stdout
    assert booked_vehicles(tmp_path) == 10
    record = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["runRecord"]
    assert len(record["inputs"]["keptPlanSha256"]) == 64
    checked = run("check", tmp_path / "plan.json", "--batches", batches, "--network", network)
    assert checked.exit_code == 0, checked.stdout


def test_the_day_of_the_rates_is_recorded_and_check_converts_at_it(saved, network, tmp_path):
    batches = saved / "batches.csv"
    run("plan", batches, "--network", network, "--rates-date", "2026-03-02", "--out", tmp_path)
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert document["runRecord"]["inputs"]["ratesDate"] == "2026-03-02"
    command = ("check", tmp_path / "plan.json", "--batches", batches, "--network", network)
    assert run(*command).exit_code == 0
    document["runRecord"]["inputs"]["ratesDate"] = "2025-01-01"
    (tmp_path / "plan.json").write_text(json.dumps(document), encoding="utf-8")
    assert "EUR has no rate on or before 2025-01-01" in run(*command).stdout


@pytest.mark.parametrize(
    ("time", "vehicles"),
    [
        ("2025-03-03", 0),
        ("2025-03-05T00:00Z", 14),
        ("2025-12-31T00:00+08:00", 14),
        ("2025-12-31", 14),
    ],
)
def test_what_leaves_before_a_time_is_kept(time, vehicles, saved, network, tmp_path):
    batches = saved / "batches.csv"
    keep = ("--keep", saved / "plan.json", "--freeze-before", time)
    assert run("plan", batches, "--network", network, *keep, "--out", tmp_path).exit_code == 0
    assert booked_vehicles(tmp_path) == vehicles


def test_a_kept_batch_that_is_gone_is_refused_with_the_place_in_the_plan(booked, network, tmp_path):
    fewer = tmp_path / "fewer.csv"
    fewer.write_text(BATCHES.replace(BATCHES.splitlines()[1] + "\n", ""), encoding="utf-8")
    done = run("plan", fewer, "--network", network, "--keep", booked)
    assert (done.exit_code, done.stdout) == (3, "")
    assert "booked.json, column /plan/batches/0/batchId: 'B-1'" in done.stderr
    assert "10 vehicles of the batch are kept, and it is not in the batch file" in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--freeze-before", "2025-03-05"),
        ("--keep", "plan.json", "--freeze-before", "soon"),
        ("--keep", "plan.json", "--freeze-before", "2025-03-05T08:00"),
        ("--explain", "B-1", "--json"),
    ],
    ids=" ".join,
)
def test_options_that_make_no_sense_are_a_fault_of_usage(options, saved, network):
    done = run("plan", saved / "batches.csv", "--network", network, *options)
    assert (done.exit_code, done.stdout) == (2, "")


def test_only_one_file_is_stdin(saved):
    plan, batches = saved / "plan.json", saved / "batches.csv"
    assert run("plan", "-", "--keep", "-", stdin=BATCHES).exit_code == 2
    assert run("explain", "-", "--batches", "-", "--batch", "B-1", stdin=BATCHES).exit_code == 2
    assert run("diff", "-", "-", stdin="").exit_code == 2
    assert (
        run("diff", "-", plan, stdin=plan.read_text(encoding="utf-8")).stdout == "The two plans are equal.\n"
    )
    assert run("plan", "-", "--keep", batches, stdin=BATCHES).exit_code == 3


def test_the_difference_of_two_plans_is_shown_and_is_no_fault(saved, network, tmp_path):
    """One batch is twice as large in the new plan."""
    larger = tmp_path / "larger.csv"
    larger.write_text(BATCHES.replace("SUV,4,", "SUV,8,"), encoding="utf-8")
    run("plan", larger, "--network", network, "--out", tmp_path)
    done = run("diff", saved / "plan.json", tmp_path / "plan.json")
    assert (done.exit_code, done.stderr) == (0, "")
    rows = [" ".join(row.split()) for row in done.stdout.splitlines()]
    assert "vehicles 14 18 +4 vehicles" in rows
    assert any(row.startswith("B-2 4 not in the plan TRAIN of") for row in rows)
    document = json.loads(run("diff", saved / "plan.json", tmp_path / "plan.json", "--json").stdout)
    assert [(one["batchId"], one["moves"][0]["vehicles"]) for one in document["changes"]] == [("B-2", 4)]


def test_what_can_not_be_compared_is_refused(saved, network, tmp_path):
    batches = saved / "batches.csv"
    run("plan", batches, "--network", network, "--currency", "EUR", "--out", tmp_path)
    other = run("diff", saved / "plan.json", tmp_path / "plan.json")
    assert other.exit_code == 3
    assert "one plan is in USD, the other in EUR (plan both in one --currency)" in other.stderr
    none = run("diff", saved / "plan.json", batches, "--json")
    assert none.exit_code == 3
    assert json.loads(none.stdout)["error"]["issues"][0]["file"] == str(batches)
