"""`landbridge route` as a user meets it: one screen, one document, and what it refuses."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from typer.testing import CliRunner

import cli
from planner.model import PlaceId
from planner.reading.tables import read_network
from tests.command import run as run_command
from tests.reading.network_folder import network_with_unloading

LANE = (
    *("--from", "BYD-CGO", "--to", "CMP-HAMBURG", "--type", "seal", "--vehicles", "52"),
    *("--ready", "2027-03-02"),
)
TINY = ("--from", "PLANT", "--to", "MARKET", "--type", "SUV", "--vehicles", "10", "--ready", "2025-03-03")
HEADER = "batch_id,shipper,origin,destination,vehicle_type,vehicles,ready,due"


run = partial(run_command, "route")


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """A plant, a train, a terminal, a market, and roads between them."""
    return network_with_unloading(tmp_path_factory.mktemp("network") / "tables").path


def test_a_shipped_lane_looks_like_this():
    """Figures of the shipped tables: with other rates, `route_view.txt` is written anew."""
    done = run(*LANE, "--due", "2027-04-21", "--alternatives", 2)
    assert done.exit_code == 0
    golden = Path(__file__).parent / "render" / "route_view.txt"
    assert done.stdout == golden.read_text(encoding="utf-8")


def test_the_document_holds_every_stage_and_line_and_adds_up():
    done = run(*LANE, "--due", "2027-04-21", "--json")
    document = json.loads(done.stdout)
    assert len(document["routes"]) > 3
    for route in document["routes"]:
        paid = {"vehicle": route["vehicles"], "box": route["boxes"], "part": 1}
        lines = sum(paid[line["per"]] * line["unitCents"] for line in route["lines"])
        assert route["cents"] == lines + sum(share["cents"] for share in route["charters"])
        grams = sum(paid[line["per"]] * line["unitGrams"] for line in route["emissions"])
        assert route["grams"] == grams
        assert route["stages"][-1]["mode"] == "delivery"
    cents = [route["cents"] for route in document["routes"]]
    assert cents == sorted(cents)
    assert document["baseline"]["railMinutes"] == 15 * 1440
    assert document["latestReady"]["readyUtc"] > document["shipment"]["readyUtc"]
    assert document["latestReady"]["routes"]


@pytest.fixture(scope="module")
def validator(pytestconfig):
    """Holds a document against the published schema, which takes parts of that of a plan."""
    docs = pytestconfig.rootpath / "docs"
    names = ("route.schema.json", "plan.schema.json")
    route, plan = (json.loads((docs / name).read_text(encoding="utf-8")) for name in names)
    registry = Registry().with_resource("plan.schema.json", Resource.from_contents(plan))
    return Draft202012Validator(route, registry=registry)


@pytest.mark.parametrize(
    "options", [(), ("--due", "2027-04-21", "--alternatives", "2"), ("--due", "2027-03-08")]
)
def test_the_document_fits_its_schema(validator, options):
    document = json.loads(run(*LANE, *options, "--json").stdout)
    assert list(validator.iter_errors(document)) == []
    document["routes"].append({"cents": 1})
    assert list(validator.iter_errors(document))


def test_places_are_known_by_their_other_names():
    plain = run(*LANE, "--json").stdout
    for place_id in ("BYD-CGO", "CMP-HAMBURG"):
        place = read_network().places[PlaceId(place_id)]
        assert place.name_zh
        for name in (place.name, place.name_zh):
            assert run(*(name if word == place_id else word for word in LANE), "--json").stdout == plain


def test_stages_of_a_way_are_shown(network):
    done = run(*TINY, "--network", network, "--stages", 1)
    assert done.exit_code == 0
    assert "Way 1: 10 vehicles, 4 boxes" in done.stdout
    assert "PLANT: handled for" in done.stdout


def test_stages_of_a_way_that_is_not_there_are_refused(network):
    done = run(*TINY, "--network", network, "--stages", 99)
    assert done.exit_code == 2
    assert "there are" in done.stderr or "there is" in done.stderr


def test_currency_and_capital_change_the_figures(network):
    dollars, euros = (
        json.loads(run(*TINY, "--network", network, "--json", "--currency", code).stdout)
        for code in ("USD", "EUR")
    )
    assert euros["terms"]["currency"] == "EUR"
    assert euros["routes"][0]["cents"] != dollars["routes"][0]["cents"]
    free = json.loads(run(*TINY, "--network", network, "--json", "--carrying-rate", "0").stdout)
    kinds = {line["kind"] for line in free["routes"][0]["lines"]}
    assert "carrying" not in kinds


def test_every_fault_is_told_at_once_by_the_option_that_has_it():
    done = run(
        "--from", "BYD-CGOO", "--to", "CMP-HAMBURG", "--type", "sea", "--vehicles", "0", "--ready", "soon"
    )
    assert done.exit_code == 3
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == ["--from", "--type", "--vehicles", "--ready"]
    assert "did you mean BYD-CGO?" in lines[0]
    assert lines[-1] == "4 faults: refused."


def test_faults_come_as_a_document_where_one_is_asked_for():
    done = run(*LANE, "--due", "2027-03-01", "--json")
    assert done.exit_code == 3
    (issue,) = json.loads(done.stdout)["error"]["issues"]
    assert issue["file"] == "--due"
    assert "before ready" in issue["reason"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--via", "BYD-CGO"), "--via"),
        (("--modes", "rocket"), "--modes"),
        (("--not-via", "Atlantis"), "--not-via"),
        (("--late-price", "-3", "--due", "2027-05-01"), "--late-price"),
        (("--value", "much"), "--value"),
        (("--ready", "2028-02-01"), "--ready"),
    ],
)
def test_bad_wishes_are_refused(options, words):
    done = run(*LANE, *options)
    assert done.exit_code == 3
    assert words in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--plan", "plan.json"),
        ("--currency", "dollars"),
        ("--today", "tomorrow"),
        ("--carrying-rate", "8"),
        ("--stages", "0"),
        ("--stages", "1", "--json"),
        ("--alternatives", "-1"),
        ("--late-price", "3"),
        ("--early-price", "3"),
        ("--objective", "beauty"),
    ],
)
def test_wrong_usage(options):
    assert run(*LANE, *options).exit_code == 2


def test_a_plan_names_its_own_terms(tmp_path):
    both = ("--plan", tmp_path / "plan.json", "--batches", tmp_path / "batches.csv")
    done = run(*LANE, *both, "--currency", "EUR")
    assert done.exit_code == 2
    assert "--currency" in done.stderr


def test_no_way_is_an_answer_with_its_reason():
    done = run(*LANE, "--due", "2027-03-08")
    assert done.exit_code == 0
    assert "none: too late: earliest possible delivery is" in done.stdout
    assert "earlier than asked" in done.stdout


def test_a_saved_plan_takes_its_room(network, tmp_path):
    """The plan fills the trains; what is left is dearer, later, or both; its terms are those of the plan."""
    batches = tmp_path / "batches.csv"
    batches.write_text(f"{HEADER}\nB-1,BYD,PLANT,MARKET,SUV,150,2025-03-03,2025-04-20\n", encoding="utf-8")
    arguments = ["plan", str(batches), "--network", str(network), "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0
    alone = json.loads(run(*TINY, "--network", network, "--json").stdout)
    plan = ("--plan", tmp_path / "out" / "plan.json", "--batches", batches)
    beside = json.loads(run(*TINY, "--network", network, *plan, "--json").stdout)
    assert beside["besidePlan"]
    first, second = alone["routes"], beside["routes"]
    assert first != second
    assert all(any(a["cents"] <= b["cents"] and a["minutes"] <= b["minutes"] for a in first) for b in second)


def test_a_plan_that_does_not_hold_is_refused(network, tmp_path):
    batches = tmp_path / "batches.csv"
    batches.write_text(f"{HEADER}\nB-1,BYD,PLANT,MARKET,SUV,10,2025-03-03,2025-04-20\n", encoding="utf-8")
    arguments = ["plan", str(batches), "--network", str(network), "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0
    path = tmp_path / "out" / "plan.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["plan"]["batches"][0]["itineraries"][0]["vehicles"] = 9
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run(*TINY, "--network", network, "--plan", path, "--batches", batches)
    assert done.exit_code == 3
    assert "does not hold" in done.stderr


def test_help_says_what_it_does():
    done = run("--help")
    assert done.exit_code == 0
    assert "no other beats" in done.stdout
