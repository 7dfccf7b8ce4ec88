"""The command as a user meets it: what it prints where, and how it ends."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

import cli
import planner.render.folder
from planner.errors import BrokenPlanError, Finding
from planner.model.results import NO_PLAN_FOUND, Result
from planner.render.document import plan_hash
from tests.command import run
from tests.reading.network_folder import NetworkFolder, network_with_unloading

SOLVING = import_module("planner.solve")  # the package has the function under this name
HEADER = "batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due"
GOOD = f"""{HEADER}
B-1,BYD,PLANT,MARKET,SUV,10,2025-03-03,2025-04-20
B-2,BYD,PLANT,MARKET,SUV,4,2025-03-04,2025-04-20
"""
TOO_MANY = f"""{HEADER}
B-1,BYD,PLANT,MARKET,SUV,500,2025-03-03,2025-03-28
"""
BAD = f"""{HEADER}
B-1,BYD,PLANT,MARKT,SUV,10,2025-03-03,2025-04-20
B-2,BYD,PLANT,MARKET,SUV,no,2025-03-04,2025-04-20
"""


@pytest.fixture(scope="session")
def network(tmp_path_factory):
    """A plant, a train, a terminal, a market, and roads between them."""
    return network_with_unloading(tmp_path_factory.mktemp("network") / "tables").path


@pytest.fixture
def batches(tmp_path):
    """Writes a batch file."""

    def write(text=GOOD):
        path = tmp_path / "batches.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def interrupting(times):
    """A solver during which Ctrl-C is pressed."""
    real = SOLVING.solve

    def solve(*arguments, **options):
        for _ in range(times):
            signal.raise_signal(signal.SIGINT)
        return real(*arguments, **options)

    return solve


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['landbridge', '--help']; import cli\n"
        "try: cli.main()\n"
        "except SystemExit: print('LOADED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split("LOADED")[1].split())
    assert "Plan a file of batches jointly" in done.stdout
    heavy = {
        "fastapi",
        "networkx",
        "numba",
        "numpy",
        "ortools",
        "pandas",
        "pydantic",
        "planner.model",
        "planner.solve",
    }
    assert loaded & heavy == set()


@pytest.mark.parametrize(
    "command",
    [
        ["plan"],
        ["check"],
        ["validate"],
        ["network", "validate"],
        ["network", "show"],
        ["network", "departures"],
        ["network", "map"],
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(command):
    assert run(*command, "--help").exit_code == 0


def test_the_version_is_said():
    assert run("--version").stdout.startswith("landbridge ")


def test_plan_shows_the_plan_on_stdout_and_nothing_else(batches, network):
    done = run("plan", batches(), "--network", network)
    assert done.exit_code == 0
    assert "14 vehicles in 2 batches, ready 2025-03-03 to 2025-03-04" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_a_written_plan_holds_and_is_the_one_shown(batches, network, tmp_path):
    out = tmp_path / "new" / "out"
    shown = run("plan", batches(), "--network", network, "--out", out)
    document = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert f"plan {plan_hash(document)}" in shown.stdout
    assert (out / "assignments.csv").read_text(encoding="utf-8-sig").startswith("batch_id,")
    assert (out / "booking.csv").read_text(encoding="utf-8-sig").startswith("service,")
    assert (out / "plan.xlsx").read_bytes().startswith(b"PK")
    checked = run("check", out / "plan.json", "--batches", batches(), "--network", network)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert checked.stdout.startswith("The plan holds: ")


def test_a_changed_plan_is_refused_by_name_of_the_rule(batches, network, tmp_path):
    run("plan", batches(), "--network", network, "--out", tmp_path)
    path = tmp_path / "plan.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["plan"]["batches"][0]["vehicles"] += 1
    document["plan"]["batches"][0]["itineraries"][0]["vehicles"] += 1
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run("check", path, "--batches", batches(), "--network", network)
    assert done.exit_code == 3
    assert "vehicle_count: batch B-1: sum of vehicles is 11, not 10" in done.stdout


@pytest.fixture(scope="session")
def saved_plan(network, tmp_path_factory):
    """A plan of the good batches in a folder, with the batches beside it."""
    folder = tmp_path_factory.mktemp("saved")
    (folder / "batches.csv").write_text(GOOD, encoding="utf-8")
    assert run("plan", folder / "batches.csv", "--network", network, "--out", folder).exit_code == 0
    return folder


def change(document, pointer, by):
    """Change one value of a document: a number by some units, a text by replacing it."""
    *path, last = (int(key) if key.isdigit() else key for key in pointer.split("/"))
    for key in path:
        document = document[key]
    document[last] = document[last] + by if isinstance(by, int) else by


@pytest.mark.parametrize(
    ("pointer", "by"),
    [
        ("plan/cents", 1),
        ("plan/bound", -1),
        ("plan/gap", "0.5"),
        ("plan/centsByKind/freight", 1),
        ("plan/totals/onTimeVehicles", 1),
        ("plan/batches/0/cents", 1),
        ("plan/batches/0/destination", "PORT-SEA"),
        ("plan/batches/0/boxRuns/0/boxes", -1),
        ("plan/batches/0/itineraries/0/vehicles", 1),
        ("plan/batches/0/itineraries/0/doorMinutes", -1),
        ("plan/batches/0/itineraries/0/lines/0/unitCents", 1),
        ("plan/batches/0/itineraries/0/stages/1/endUtc", "2025-03-03T01:01:00Z"),
        ("plan/batches/0/itineraries/0/stages/1/startLocal", "2025-03-03T01:01:00+08:00"),
        ("plan/batches/0/itineraries/0/deliveredUtc", "2025-03-01T00:00:00Z"),
        ("plan/batches/0/baseline", None),
        ("plan/departures/0/indicativeValueOfOneMore", 1),
        ("plan/departures/0/used", "1"),
        ("runRecord/planSha256", "0" * 64),
        ("runRecord/status", "PERFECT"),
        ("runRecord/terms/carryingRate", "0"),
    ],
    ids=str,
)
def test_a_plan_with_one_value_changed_is_refused(pointer, by, saved_plan, network, tmp_path):
    document = json.loads((saved_plan / "plan.json").read_text(encoding="utf-8"))
    change(document, pointer, by)
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run("check", path, "--batches", saved_plan / "batches.csv", "--network", network)
    assert done.exit_code == 3
    assert "The plan holds" not in done.stdout
    assert "refused" in done.stdout or "broken" in done.stdout


def test_a_plan_of_another_network_is_refused_or_at_least_named(saved_plan, tmp_path, network):
    cheaper = NetworkFolder(tmp_path / "tables")
    cheaper.add("sources", source_id="R2", title="Another report")
    (cheaper.path / "handling.csv").write_bytes((network / "handling.csv").read_bytes())
    command = ("check", saved_plan / "plan.json", "--batches", saved_plan / "batches.csv", "--network")
    same_prices = run(*command, cheaper.path)
    assert same_prices.exit_code == 0
    assert "made on other network tables" in same_prices.stderr
    cheaper.set("tariffs", 2, "price", "5000")
    other_prices = run(*command, cheaper.path)
    assert other_prices.exit_code == 3
    assert "cost_lines" in other_prices.stdout


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"[]", b"null", b"{}", GOOD.encode(), b"\xff" * 99])
def test_what_is_no_plan_is_refused_by_check(content, batches, network, tmp_path):
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    done = run("check", path, "--batches", batches(), "--network", network)
    assert done.exit_code == 3
    assert "plan.json" in done.stdout


def test_two_files_can_not_both_be_stdin(network):
    assert run("check", "-", "--batches", "-", "--network", network, stdin=GOOD).exit_code == 2


def test_checking_against_other_batches_says_so(batches, network, tmp_path):
    run("plan", batches(), "--network", network, "--out", tmp_path)
    done = run("check", tmp_path / "plan.json", "--batches", batches(GOOD + "\n"), "--network", network)
    assert "made from another batch file" in done.stderr


def test_equal_input_gives_the_same_plan_from_stdin_and_as_json(batches, network):
    from_file = json.loads(run("plan", batches(), "--network", network, "--json").stdout)
    from_stdin = json.loads(run("plan", "-", "--network", network, "--json", stdin=GOOD).stdout)
    assert plan_hash(from_file) == plan_hash(from_stdin) == from_file["runRecord"]["planSha256"]


def test_options_reach_the_terms(batches, network):
    done = run(
        *("plan", batches(), "--network", network, "--json", "--objective", "time", "--currency", "EUR"),
        *("--carrying-rate", "12.5%", "--unplanned-price", "15000.50", "--seed", "7"),
    )
    record = json.loads(done.stdout)["runRecord"]
    assert record["terms"]["objective"] == "time"
    assert record["terms"]["currency"] == "EUR"
    assert record["terms"]["carryingRate"] == "0.125"
    assert record["terms"]["unplannedPriceCents"] == "1500050"
    assert record["options"]["seed"] == 7


def test_a_day_before_the_first_rate_of_a_currency_is_refused(batches, network):
    done = run("plan", batches(), "--network", network, "--rates-date", "2025-01-01")
    assert done.exit_code == 3
    assert "fx.csv, line 5, column date: '2026-03-01': EUR has no rate on or before 2025-01-01" in done.stderr


def test_another_currency_converts_every_price_that_is_given_in_dollars(batches, network):
    usd, eur = (
        json.loads(run("plan", batches(), "--network", network, "--json", *more).stdout)
        for more in ((), ("--currency", "EUR"))
    )
    rate = Fraction("1.16")
    assert Fraction(eur["runRecord"]["terms"]["unplannedPriceCents"]) * rate == 2_000_000
    lines_of = {}
    for document in (usd, eur):
        (batch, *_), name = document["plan"]["batches"], document["plan"]["currency"]
        lines_of[name] = [(i["vehicles"], i["lines"]) for i in batch["itineraries"]]
    assert [vehicles for vehicles, _ in lines_of["USD"]] == [vehicles for vehicles, _ in lines_of["EUR"]]
    for (_, in_usd), (_, in_eur) in zip(lines_of["USD"], lines_of["EUR"], strict=True):
        assert [line["label"] for line in in_usd] == [line["label"] for line in in_eur]
        for one, other in zip(in_usd, in_eur, strict=True):
            # Each is rounded once, half up, from the same exact price.
            assert abs(one["unitCents"] - other["unitCents"] * rate) <= Fraction(1, 2) * (1 + rate)


def test_strict_turns_vehicles_left_out_into_exit_code_4(batches, network):
    path = batches(TOO_MANY)
    relaxed, strict = (run("plan", path, "--network", network, *more) for more in ((), ("--strict",)))
    assert (relaxed.exit_code, strict.exit_code) == (0, 4)
    assert "left out in 1 batch" in strict.stdout


def test_every_fault_of_the_input_stands_on_its_own_line(batches, network):
    done = run("plan", batches(BAD), "--network", network)
    assert done.exit_code == 3
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert "line 2, column destination: 'MARKT'" in lines[0]
    assert "did you mean MARKET?" in lines[0]
    assert "line 3, column vehicles: 'no'" in lines[1]
    assert lines[2] == "2 faults: refused."


@pytest.mark.parametrize(
    ("column", "value", "reason", "hint"),
    [
        ("batch_id", "B-0", "is the id of line 2 too", "its own id"),
        ("origin", "PLNT", "no place of the network", "did you mean PLANT?"),
        ("destination", "MARKTE", "no place of the network", "did you mean MARKET?"),
        ("destination", "PLANT", "same place as the origin", ""),
        ("vehicle_type", "SUVS", "no vehicle type", "did you mean SUV?"),
        ("vehicles", "0", "below 1", ""),
        ("vehicles", "-5", "negative", ""),
        ("vehicles", "1.5", "not a whole number", "without a decimal point"),
        ("vehicles", "NaN", "not a finite number", ""),
        ("vehicles", "1e309", "exponent", "write all digits"),
        ("vehicles", '"1,200"', "thousands separator", "digits only"),
        ("ready", "03/04/2027", "ambiguous date", "2027-04-03 or 2027-03-04"),
        ("due", "03/04/2027", "ambiguous date", "2027-04-03 or 2027-03-04"),
        ("due", "2025-03-02", "before ready", ""),
        ("due", "2099-12-31", "more than 1100 days after ready", "is the year right?"),
        ("ready", "2026-01-01", "beyond the timetable", "the timetable ends 2025-12-31"),
    ],
)
def test_a_bad_cell_is_named_with_line_column_and_value(column, value, reason, hint, batches, network):
    good = dict(zip(HEADER.split(","), GOOD.splitlines()[1].split(","), strict=True))
    rows = [good | {"batch_id": "B-0"}, good | {column: value}]
    if column == "ready":
        rows[1]["due"] = "2027-12-31"
    path = batches("\n".join([HEADER, *(",".join(row.values()) for row in rows)]))
    done = run("plan", path, "--network", network)
    assert (done.exit_code, done.stdout) == (3, "")
    told, count = done.stderr.splitlines()
    shown = value.strip('"')
    assert told.startswith(f"{path}, line 3, column {column}: {shown!r}: ")
    assert reason in told
    assert hint in told
    assert count == "1 fault: refused."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["the file is empty"]),
        (f"{HEADER}\n", ["holds no batch, only a header"]),
        ("\x89PNG", ["a PNG picture"]),
        ("\xff\xfe\x00", ["UTF-16"]),
        ("caf\xe9", ["not UTF-8"]),
        ("%PDF-1.7", ["a PDF document"]),
        ("<html><body>", ["an HTML page"]),
        ('{"batches": []}', ["the file holds no batch"]),
        (GOOD.replace(",due", ""), ["line 1, column due: the column is missing"]),
        (GOOD.replace("shipper", "shiper"), ["column shiper", "did you mean shipper?", "column shipper"]),
        (GOOD.replace("ready,due", "ready,ready"), ["column ready: 'ready': the column is there twice"]),
    ],
)
def test_a_file_of_the_wrong_kind_or_shape_is_refused(text, words, batches, network):
    path = batches()
    path.write_bytes(text.encode("latin-1"))
    done = run("plan", path, "--network", network)
    assert (done.exit_code, done.stdout) == (3, "")
    assert all(word in done.stderr for word in words), done.stderr


@pytest.mark.parametrize(
    ("table", "line", "column", "value", "reason"),
    [
        ("calls", 3, "place_id", "BORDR", "did you mean BORDER?"),
        ("calls", 3, "arrive_h", "0", "not after the departure of line 2"),
        ("calls", 3, "depart_h", "71", "before the arrival"),
        ("tariffs", 2, "price", "-5900", "negative"),
        ("tariffs", 2, "price", "", "blank"),
        ("tariffs", 2, "currency", "ERU", "fx.currency"),
    ],
)
def test_a_bad_row_of_the_network_is_named(table, line, column, value, reason, batches, tmp_path):
    broken = NetworkFolder(tmp_path / "tables")
    broken.set(table, line, column, value)
    for command in (("plan", batches(), "--network"), ("network", "validate")):
        done = run(*command, broken.path)
        assert done.exit_code == 3
        (told,) = [row for row in done.output.splitlines() if reason in row]
        assert f"{table}.csv, line {line}, column {column}: {value!r}" in told


def test_a_batch_that_no_service_carries_is_a_result_with_a_reason(batches, network):
    path = batches(f"{HEADER}\nB-1,BYD,PLANT,PORT-SEA,VAN,10,2025-03-03,2025-04-20\n")
    done = run("plan", path, "--network", network)
    assert done.exit_code == 0
    assert "10 left out" in done.stdout
    assert "no route" in done.stdout


def test_faults_are_json_where_json_was_asked_for(batches, network):
    done = run("plan", batches(BAD), "--network", network, "--json")
    assert done.exit_code == 3
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "input_refused"
    assert [(issue["row"], issue["column"]) for issue in error["issues"]] == [
        (2, "destination"),
        (3, "vehicles"),
    ]


@pytest.mark.parametrize(
    "command", [["plan"], ["validate"], ["check", "plan.json", "--batches"]], ids=" ".join
)
def test_a_missing_file_is_refused_without_a_traceback(command, network, tmp_path):
    done = run(*command, tmp_path / "none.csv", "--network", network)
    assert done.exit_code == 3
    assert "can't be read" in done.output


@pytest.mark.parametrize(
    "options",
    [
        ("--objective", "beauty"),
        ("--carrying-rate", "eight"),
        ("--unplanned-price", "-1"),
        ("--carrying-rate", "8"),
        ("--carrying-rate", "101%"),
        ("--carrying-rate", "%"),
        ("--unplanned-price", "1e309"),
        ("--unplanned-price", "1000000001"),
        ("--currency", "eur"),
        ("--objective", "blend"),
        ("--objective", "blend", "--day-value", "ten"),
        ("--day-value", "10"),
        ("--objective", "co2e", "--carbon-price", "80"),
        ("--times", "slow"),
        ("--today", "04/03/2025"),
        ("--rates-date", "today"),
        ("--seed", "x"),
        ("--out", "batches.csv/below"),
        ("--no-such-option",),
    ],
    ids=" ".join,
)
def test_a_wrong_option_is_a_fault_of_usage(options, batches, network, monkeypatch):
    monkeypatch.chdir(batches().parent)
    assert run("plan", "batches.csv", "--network", network, *options).exit_code == 2


def test_a_missing_network_folder_is_refused(batches, tmp_path):
    done = run("plan", batches(), "--network", tmp_path / "none")
    assert done.exit_code == 3
    assert "no such folder" in done.stderr


def test_interrupted_once_the_best_plan_so_far_is_shown_and_saved(batches, network, tmp_path, monkeypatch):
    monkeypatch.setattr(SOLVING, "solve", interrupting(1))
    done = run("plan", batches(), "--network", network, "--out", tmp_path)
    assert done.exit_code == 130
    assert "stopped by: cancelled" in done.stdout
    assert (tmp_path / "plan.json").exists()


def test_interrupted_twice_it_ends_at_once(batches, network, tmp_path, monkeypatch):
    monkeypatch.setattr(SOLVING, "solve", interrupting(2))
    before = signal.getsignal(signal.SIGINT)  # ignored where the tests themselves run in the background
    done = run("plan", batches(), "--network", network, "--out", tmp_path)
    assert done.exit_code == 130
    assert "Interrupted; nothing more" in done.stderr
    assert not (tmp_path / "plan.json").exists()
    assert signal.getsignal(signal.SIGINT) is before


def test_interrupted_while_it_saves_it_saves_and_says_so(batches, network, tmp_path, monkeypatch):
    real = planner.render.folder.save

    def save(path, text):
        signal.raise_signal(signal.SIGINT)
        real(path, text)
        signal.signal(signal.SIGINT, lambda *_: None)

    monkeypatch.setattr(planner.render.folder, "save", save)
    done = run("plan", batches(), "--network", network, "--out", tmp_path)
    assert done.exit_code == 130
    checked = run("check", tmp_path / "plan.json", "--batches", batches(), "--network", network)
    assert checked.exit_code == 0
    assert (tmp_path / "assignments.csv").exists()
    assert (tmp_path / "plan.xlsx").exists()


def test_our_own_broken_plan_is_never_shown(batches, network, monkeypatch):
    def solve(*_arguments, **_options):
        raise BrokenPlanError([Finding(rule="capacity", where="TRAIN", facts="too full")])

    monkeypatch.setattr(SOLVING, "solve", solve)
    done = run("plan", batches(), "--network", network)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "capacity: TRAIN: too full" in done.stderr


def test_a_limit_without_a_plan_is_exit_code_5(batches, network, monkeypatch):
    real = SOLVING.solve

    def solve(*arguments, **options):
        return Result(plan=real(*arguments, **options).plan, status=NO_PLAN_FOUND, stopped_by="rounds")

    monkeypatch.setattr(SOLVING, "solve", solve)
    done = run("plan", batches(), "--network", network)
    assert (done.exit_code, done.stdout) == (5, "")


def test_a_disk_that_fills_up_is_told_in_a_sentence(batches, network, tmp_path, monkeypatch):
    def save(path, _text):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(planner.render.folder, "save", save)
    done = run("plan", batches(), "--network", network, "--out", tmp_path)
    assert done.exit_code == 1
    assert "Proof" in done.stdout, "the plan took its time: it is shown all the same"
    assert done.stderr == f"{tmp_path / 'plan.json'}: No space left on device\n"


@pytest.mark.parametrize("name", ["plan.json", "plan.xlsx", "plan.geojson", "report.html"])
def test_a_folder_where_a_result_belongs_is_told_before_planning(name, batches, network, tmp_path):
    (tmp_path / name).mkdir()
    done = run("plan", batches(), "--network", network, "--out", tmp_path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_behind_stdout_is_told_in_a_sentence(batches, network):
    command = [sys.executable, cli.__file__, "validate", str(batches()), "--network", str(network)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "standard output: No space left on device\n"


def test_progress_is_drawn_on_a_terminal_only(batches, network):
    ours, theirs = pty.openpty()
    command = [sys.executable, cli.__file__, "plan", str(batches()), "--network", str(network)]
    environment = {**os.environ, "TERM": "xterm"}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=theirs, text=True, check=True, env=environment
    )
    os.close(theirs)
    chunks = []
    with suppress(OSError):  # the other end is closed: all has been read
        while chunk := os.read(ours, 4_096):
            chunks.append(chunk)
    os.close(ours)
    drawn = b"".join(chunks).decode()
    assert "check" in drawn
    assert "Proof" in done.stdout
    assert "\x1b" not in done.stdout


def test_validate_counts_what_is_good_and_lists_what_is_not(batches, network):
    good, bad = (run("validate", batches(text), "--network", network) for text in (GOOD, BAD))
    assert good.exit_code == 0
    assert good.stdout.endswith("2 batches, 14 vehicles, no fault.\n")
    assert bad.exit_code == 3
    assert "line 2, column destination" in bad.stdout
    assert bad.stderr == ""


def test_a_network_folder_is_validated(network, tmp_path):
    good = run("network", "validate", network)
    assert "7 places, 2 services, 4 tariffs, 3 roads, 2 vehicle types, no fault." in good.stdout
    broken = NetworkFolder(tmp_path / "tables")
    broken.set("places", 2, "lat", "north")
    refused = run("network", "validate", broken.path)
    assert refused.exit_code == 3
    assert "places.csv, line 2, column lat: 'north'" in refused.stdout


def test_places_nobody_can_use_are_warned_of(network):
    """No road leads to the river port of this network, so no plant reaches it."""
    shown = run("network", "validate", network)
    assert shown.exit_code == 0
    warnings = [line for line in shown.stdout.splitlines() if line.startswith("warning: ")]
    assert warnings == [
        "warning: place PORT-CN: no plant leads there, nothing passes it",
        "warning: place PORT-SEA: no plant leads there, nothing passes it",
    ]
    document = json.loads(run("network", "validate", network, "--json").stdout)
    assert [f"warning: {text}" for text in document["warnings"]] == warnings


def test_the_shipped_network_is_valid():
    assert run("network", "validate").exit_code == 0


@pytest.mark.parametrize("name", ["RAIL-CN", "land port", "TRAIN", "block train", "工厂"])
def test_a_place_or_service_is_shown_by_id_or_any_name(name, network):
    done = run("network", "show", name, "--network", network)
    assert done.exit_code == 0
    assert "TRAIN" in done.stdout or "PLANT" in done.stdout


def test_an_unknown_name_gets_the_nearest(network):
    done = run("network", "show", "TRIAN", "--network", network)
    assert done.exit_code == 3
    assert "did you mean TRAIN?" in done.stderr


def test_departures_are_listed_with_gate_arrival_and_room(network):
    done = run(
        "network",
        "departures",
        "TRAIN",
        "--network",
        network,
        "--first",
        "2025-03-03",
        "--last",
        "2025-03-06",
    )
    assert done.stdout.splitlines()[1:] == [
        "2025-03-03 Mon 08:30  03-02 08:30  TRAIN    RAIL-CN  RAIL-EU  03-15 13:30  12.5  41 FEU",
        "2025-03-06 Thu 08:30  03-05 08:30  TRAIN    RAIL-CN  RAIL-EU  03-18 13:30  12.5  41 FEU",
        "2 departures from 2025-03-03 to 2025-03-06",
    ]


def test_a_blank_name_is_the_name_of_nothing(network):
    assert run("network", "show", "", "--network", network).exit_code == 3
    assert run("network", "departures", "--network", network, "--from", "").exit_code == 3


def test_days_in_the_wrong_order_are_a_fault_of_usage(network):
    days = ("--first", "2025-03-03", "--last", "2025-03-02")
    assert run("network", "departures", "--network", network, *days).exit_code == 2


def test_departures_beyond_the_timetable_say_where_it_ends(network):
    done = run("network", "departures", "--network", network, "--first", "2026-03-03")
    assert done.stdout == "0 departures from 2026-03-03 to 2026-03-16; the timetable ends 2025-12-31\n"


def test_departures_between_places_leave_out_services_that_do_not_stop_there(network):
    done = run(
        "network",
        "departures",
        "--network",
        network,
        "--first",
        "2025-03-03",
        "--from",
        "PORT-CN",
        "--to",
        "RAIL-EU",
    )
    assert done.stdout == "0 departures from 2025-03-03 to 2025-03-16\n"
