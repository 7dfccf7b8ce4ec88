"""`landbridge compare` as a user meets it: one screen, one document, its files, and what it refuses."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from planner.render.folder import COMPARISON, FILES, REPORT
from tests.command import run as run_command
from tests.compare_folder import BATCHES, compare_folder
from tests.render.report_pages import data_of

ONLY = ("--only", "rail,road-sea,best")
COMPARE = import_module("planner.compare")
"""The module; as an attribute of the package, its name is the function."""


run = partial(run_command, "compare")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Arguments that name a batch file and a network in which rail and sea compete."""
    path = tmp_path_factory.mktemp("compare")
    (path / "batches.csv").write_text(BATCHES, encoding="utf-8")
    return path / "batches.csv", "--network", compare_folder(path / "tables").path


def test_a_small_comparison_looks_like_this(small):
    done = run(*small, *ONLY, "--lines", "--break-even", "--sweep", "rail-price=1000:9000:4000")
    assert done.exit_code == 0
    golden = Path(__file__).parent / "render" / "compare_view.txt"
    assert done.stdout == golden.read_text(encoding="utf-8")


def test_the_document_has_each_alternative_and_adds_up(small):
    done = run(*small, *ONLY, "--json")
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    compared = document["comparison"]
    assert [one["name"] for one in compared["alternatives"]] == ["rail", "road-sea", "best"]
    assert compared["commonBatches"] == ["B-1", "B-3"]
    assert compared["study"] is None
    for one in compared["alternatives"]:
        own = [row["alternatives"][one["name"]] for row in compared["batches"]]
        for key, total in one["total"].items():
            assert total == sum(figures[key] for figures in own), key
        assert sum(one["centsByKind"].values()) == one["total"]["cents"]
        assert one["gap"] == "0"
    assert {row["batchId"]: row["winner"] for row in compared["batches"]} == {
        **dict.fromkeys(("B-1", "B-3"), "road-sea"),
        "B-2": "rail",
    }


def test_what_is_asked_beside_stands_in_the_document(small):
    done = run(*small, *ONLY, "--json", "--break-even", "--sweep", "day-value=0:40:20")
    study = json.loads(done.stdout)["comparison"]["study"]
    assert study["alternative"] == "best"
    assert [one["batchId"] for one in study["batches"]] == ["B-1", "B-2", "B-3"]
    assert [one["kind"] for one in study["total"]] == ["rail-subsidy", "day-value"]
    (sweep,) = study["sweeps"]
    assert [point["at"] for point in sweep["points"]] == ["0", "20", "40"]
    assert sweep["flips"] == [["0", "20"]]


def test_the_files_are_the_report_the_comparison_and_a_folder_each(small, tmp_path):
    done = run(*small, "--out", tmp_path / "out", "--lang", "zh")
    assert done.exit_code == 0
    names = ["rail", "river-sea", "road-sea", "best"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {REPORT, COMPARISON, *names}
    for name in names:
        assert {path.name for path in (tmp_path / "out" / name).iterdir()} == set(FILES)
    for report in (tmp_path / "out").glob("**/report.html"):
        page = report.read_text(encoding="utf-8")
        assert '<html lang="zh-Hans">' in page
        assert "landbridge compare batches.csv --only rail,river-sea,road-sea,best --objective cost" in page


def test_the_report_beside_is_of_the_plan_with_the_fewest_wishes(small, tmp_path):
    own = "--alternative", "south=modes=rail;not-via=KZ"
    run(*small, *own, "--only", "south,rail", "--out", tmp_path)
    page = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert '"alternative":"rail"' in page


def test_batches_may_come_from_stdin(small):
    done = run("-", *small[1:], *ONLY, "--rows", 1, stdin=BATCHES)
    assert done.exit_code == 0
    assert "and 2 more batches: --rows 0" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--only", "foo"), "'foo': is no alternative (there are rail, river-sea, road-sea, best)"),
        (("--only", "rial"), "did you mean rail?"),
        (("--alternative", "south"), "is no name with wishes"),
        (("--alternative", "south=modes=plane"), "'plane' is not one of rail, barge"),
        (("--alternative", "rail=modes=rail"), "rail is the name of another alternative"),
        (("--alternative", "south=via=NOWHERE"), "NOWHERE"),
        (("--sweep", "rail=1:2:1"), "'rail' is no sweep"),
        (("--sweep", "rail-price=1:2"), "write rail-price=FIRST:LAST:STEP in USD a FEU"),
        (("--sweep", "rail-price=1:2:1/vehicle"), "'1/vehicle' is not a number"),
        (("--sweep", "rail-price=9:1:1"), "leads nowhere"),
        (("--close", "NOWHERE:2025-03-01..2025-04-01"), "NOWHERE"),
        (("--close", "BORDER"), "is no place and days"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_not_understood_is_refused_by_name(small, arguments, words):
    done = run(*small, *arguments)
    assert done.exit_code == 3
    assert words in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_all_faults_of_the_alternatives_come_at_once(small):
    done = run(*small, "--only", "foo,bar", "--alternative", "south=modes=plane")
    assert done.exit_code == 3
    assert "3 faults: refused." in done.stderr


def test_break_even_needs_an_objective_that_counts_money(small):
    done = run(*small, "--objective", "time", "--break-even")
    assert done.exit_code == 2
    assert "counts no money" in done.stderr


def test_a_closure_holds_for_every_alternative(small):
    done = run(*small, *ONLY, "--close", "BORDER:2025-01-01..2026-01-01", "--json")
    rail, road_sea, best = json.loads(done.stdout)["comparison"]["alternatives"]
    assert rail["total"]["plannedVehicles"] == 0
    assert best["total"] == road_sea["total"]


def test_what_a_switch_changes_stands_beside_it(small):
    switch = "--close", "BORDER:2025-01-01..2026-01-01"
    with_it = run(*small, *ONLY, *switch)
    assert "What if: change of" in with_it.stdout
    without = json.loads(run(*small, *ONLY, "--json").stdout)["comparison"]
    assert without["withoutWhatIf"] is None
    told = json.loads(run(*small, *ONLY, *switch, "--json").stdout)["comparison"]["withoutWhatIf"]
    assert told == {one["name"]: one["total"] for one in without["alternatives"]}


def test_the_command_in_a_report_plans_the_same_again(small, tmp_path):
    asked = "--alternative", "south=modes=rail;not-via=PORT-SEA,PORT-CN", "--only", "south,best"
    first = run(*small, *asked, "--close", "BORDER:2025-03-05..2025-03-12", "--out", tmp_path, "--json")
    own = json.loads((tmp_path / "south" / "plan.json").read_text(encoding="utf-8"))["runRecord"]
    command = data_of((tmp_path / "south" / REPORT).read_text(encoding="utf-8"))["command"]
    _, name, file, *rest = shlex.split(command)
    assert (name, file) == ("compare", "batches.csv")
    again = json.loads(run(*small, *rest, "--json").stdout)
    assert again["comparison"] == json.loads(first.stdout)["comparison"]
    assert own["planSha256"] == again["comparison"]["alternatives"][0]["planSha256"]


def test_where_nothing_can_be_written_nothing_is_planned(small, tmp_path, monkeypatch):
    monkeypatch.setattr(COMPARE, "compare", None)
    (tmp_path / "file").write_text("here")
    done = run(*small, "--out", tmp_path / "file")
    assert done.exit_code == 2
    assert "file" in done.stderr


def test_the_files_are_there_after_an_interrupt(small, tmp_path, monkeypatch):
    real = COMPARE.compare

    def interrupted(problem, **asked):
        signal.raise_signal(signal.SIGINT)
        return real(problem, **asked)

    monkeypatch.setattr(COMPARE, "compare", interrupted)
    done = run(*small, *ONLY, "--out", tmp_path)
    assert done.exit_code == 130
    assert (tmp_path / REPORT).exists()


def test_help_loads_no_solver():
    code = (
        "import sys; sys.argv = ['landbridge', 'compare', '--help']; import cli\n"
        "try: cli.main()\n"
        "except SystemExit: print('LOADED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"ortools", "numba", "planner.solve"} & set(done.stdout.split("LOADED")[1].split()) == set()


def test_faults_of_all_options_are_told_at_once(small):
    wrong = (
        "--sweep",
        "rail-price=1",
        "--alternative",
        "x=via=NOPE",
        "--only",
        "none",
        "--close",
        "NOWHERE:1..2",
    )
    done = run(*small, *wrong, "--json")
    assert done.exit_code == 3
    issues = json.loads(done.stdout)["error"]["issues"]
    assert [issue["file"] for issue in issues] == ["--sweep", "--alternative", "--only", "--close"]
