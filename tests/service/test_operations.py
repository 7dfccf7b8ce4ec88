"""What docs/operations.md and docs/deploy say of settings, limits, figures, logs and commands is so."""

from __future__ import annotations

import ast
import configparser
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer.main

import cli
from service.health.endpoints import router as health
from service.health.metrics import Metrics
from service.serve import STOP_S
from service.settings import Limits, Settings
from service.store.tables import metadata

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
DEPLOY = ROOT / "docs/deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
COMMAND = typer.main.get_command(cli.app)
TABLE_ROW = re.compile(r"^\|(.*)\|$", re.MULTILINE)


def rows_below(heading):
    """Cells of the rows of the first table below a heading, code marks taken off."""
    text = OPERATIONS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")] for line in TABLE_ROW.findall(text)]
    return rows[2:]


def names_in(cell):
    return re.findall(r"`([^`]+)`", cell)


def variable_of(name):
    field = Settings.model_fields[name]
    return field.alias or f"LANDBRIDGE_{name.upper()}"


def shown(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_setting_is_in_the_table_with_its_default():
    told = {names_in(row[0])[0]: row[1] for row in rows_below("Settings")}
    settings = {variable_of(name): name for name in Settings.model_fields if name != "limits"}
    assert sorted(told) == sorted(settings)
    for variable, name in settings.items():
        default = Settings.model_fields[name].default
        if default not in (None, ()):
            assert names_in(told[variable]) == [shown(default)], variable
        else:
            assert told[variable].startswith(("none", "where")), variable


def test_options_beside_settings_are_those_of_serve():
    options = {option for row in rows_below("Settings") for option in names_in(row[2])}
    of_serve = {option for param in COMMAND.commands["serve"].params for option in param.opts}
    assert options == of_serve - {"--help", "-h"}


def test_every_limit_is_in_the_table_with_its_default():
    told = {names_in(row[0])[0]: names_in(row[1]) or [row[1]] for row in rows_below("Limits")}
    assert told == {name.upper(): [shown(field.default)] for name, field in Limits.model_fields.items()}


def test_every_metric_is_in_the_table_with_its_labels():
    told = {names_in(row[0])[0]: names_in(row[1]) for row in rows_below("Metrics")}
    metrics = Metrics()
    metrics.count_request("GET", "/", 200, 0.1)
    metrics.count_job("plan", "succeeded", 1.0)
    counted = {}
    for family in metrics.registry.collect():
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = {label for sample in family.samples for label in sample.labels}
        counted[name] = sorted(labels - {"le"})
    assert {name: sorted(labels) for name, labels in told.items()} == counted


def list_log_fields():
    """Names given as ``extra`` where something is logged, those that are written out."""
    for path in sorted((ROOT / "service").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict):
                for key in node.value.keys:
                    if isinstance(key, ast.Constant) and "log." in path.read_text(encoding="utf-8"):
                        yield str(key.value)


def test_fields_of_log_lines_are_in_the_table():
    told = {name for row in rows_below("Logs") for name in names_in(row[0])}
    assert set(list_log_fields()) <= told


def test_every_table_of_the_database_is_told():
    assert sorted(name for row in rows_below("PostgreSQL") for name in names_in(row[0])) == sorted(
        metadata.tables
    )


# Commands, wherever they stand


def check_command(words):
    """Fail unless there is such a command, with such options."""
    command = COMMAND
    words = list(words)
    assert words.pop(0) == "landbridge"
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    assert not hasattr(command, "commands"), f"{command.name} needs a command after it"
    options = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    assert [word for word in words if word.startswith("--") and word not in options] == []


def list_fenced_commands():
    for name in ("README.md", "docs/operations.md", "docs/erp.md"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        for line in re.findall(r"^(?:\$ |lb |podman run .* )?(?:landbridge|key|db) .*$", text, re.MULTILINE):
            words = line.removeprefix("$ ")
            if words.startswith("lb "):
                words = f"landbridge {words.removeprefix('lb ')}"
            if words.startswith("podman "):
                words = f"landbridge {words.rpartition(' landbridge ')[2]}"
            if words.startswith("landbridge "):
                yield pytest.param(words, id=words[:60])


@pytest.mark.parametrize("line", list(list_fenced_commands()))
def test_commands_of_the_documents_exist(line):
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = []
    for word in lexer:
        if set(word) <= set("();<>|&"):
            break
        words.append(word)
    check_command(words)


def known_variables():
    return {variable_of(name) for name in Settings.model_fields} | {
        f"LANDBRIDGE_LIMITS__{name.upper()}" for name in Limits.model_fields
    }


@pytest.mark.parametrize(
    "name", ["README.md", *(f"docs/{one}.md" for one in ("operations", "erp", "webhooks"))]
)
def test_variables_of_the_documents_are_settings(name):
    named = set(re.findall(r"\bLANDBRIDGE_[A-Z_]+[A-Z]\b", (ROOT / name).read_text(encoding="utf-8")))
    assert named - {"LANDBRIDGE_LIMITS"} <= known_variables()


# systemd


class Unit(configparser.RawConfigParser):
    """A unit file: names as they are, and each value of a name that stands there several times."""

    def __init__(self, path):
        super().__init__(strict=False, delimiters=("=",), comment_prefixes=("#",), interpolation=None)
        self.optionxform = str
        self.read_string(path.read_text(encoding="utf-8"))
        self.environment = dict(
            line.partition("=")[2].split("=", 1)
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("Environment=")
        )


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_a_command_that_is_there_and_is_hardened(path):
    unit = Unit(path)
    service = unit["Service"]
    check_command(shlex.split(service["ExecStart"]))
    assert {name for name in unit.environment if name.startswith("LANDBRIDGE_")} <= known_variables()
    assert unit.environment["LANDBRIDGE_DATA"] == f"%S/{service['StateDirectory']}"
    assert unit.environment["NUMBA_CACHE_DIR"] == f"%C/{service['CacheDirectory']}"
    assert int(service["TimeoutStopSec"]) > STOP_S
    wanted = {
        "DynamicUser": "yes",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "Restart": "on-failure",
        "KillMode": "mixed",
        "OOMPolicy": "continue",
        "CapabilityBoundingSet": "",
        "UMask": "0077",
    }
    assert {name: service[name] for name in wanted} == wanted
    assert service["MemoryMax"].endswith("G")
    assert "MemoryDenyWriteExecute" not in service
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_there_is_a_unit_for_each_command_that_goes_on():
    assert [path.name for path in UNITS] == ["landbridge-worker.service", "landbridge.service"]


# The container


def read_containerfile():
    """Instructions as (name, rest), lines that go on put together."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in lines.splitlines() if line.strip()]


def all_of(name):
    return [rest for instruction, rest in read_containerfile() if instruction == name]


def last_of(name):
    return all_of(name)[-1]


def test_the_image_runs_commands_that_are_there_with_settings_that_are_known():
    entry, arguments = (tomllib.loads(f"a = {last_of(name)}")["a"] for name in ("ENTRYPOINT", "CMD"))
    check_command([*entry, *arguments])
    environment = dict(pair.split("=", 1) for pair in shlex.split(last_of("ENV")))
    assert {name for name in environment if name.startswith("LANDBRIDGE_")} <= known_variables()
    assert environment["LANDBRIDGE_DATA"] == last_of("VOLUME")
    assert environment["NUMBA_CACHE_DIR"].startswith(last_of("VOLUME"))
    assert last_of("EXPOSE") == str(Settings.model_fields["port"].default)


def test_the_image_is_made_of_what_is_there_by_hash():
    copied = [rest.split()[:-1] for rest in all_of("COPY") if "--from" not in rest]
    missing = [name for names in copied for name in names if not (ROOT / name).exists()]
    assert missing == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert set(packed) <= {name for names in copied for name in names}
    installs = [part for rest in all_of("RUN") for part in rest.split("&&") if "pip install" in part]
    assert all("--require-hashes" in part or "--no-deps" in part for part in installs)


def test_the_image_is_not_root_and_its_base_names_no_host():
    assert last_of("USER") not in ("root", "0")
    assert last_of("USER") in next(rest for rest in all_of("RUN") if "useradd" in rest)
    name, default = all_of("ARG")[0].split("=")
    assert "/" not in default
    assert {rest.split()[0] for rest in all_of("FROM")} == {f"${{{name}}}"}


def test_the_image_is_asked_for_its_health_where_there_is_an_answer():
    check = next(line for line in last_of("HEALTHCHECK").split("CMD", 1)[1:])
    path = re.search(r"http://127\.0\.0\.1:\d+(/\w+)", check)
    assert path is not None
    assert path[1] in {route.path for route in health.routes}
    assert f":{Settings.model_fields['port'].default}/" in check
