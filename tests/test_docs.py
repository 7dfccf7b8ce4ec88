"""The README and the documents say what is so: commands run, outputs agree, links lead somewhere."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.terminal import Terminal, free_port

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "network_data/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
FENCE = re.compile(r"^```console( continued)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVED = ":8080"
"""Port of a service in the documents; in the tests it is a free one."""
PYTHON_FENCE = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
REST = "..."
MAKE_PLAN = "landbridge plan network_data/batches/month.csv"


@dataclass
class Step:
    """A command of a console block and the lines shown below it."""

    command: str
    shown: list[str] = field(default_factory=list)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read_steps(block: str) -> list[Step]:
    """Commands of a console block, of one line or, with ``>`` before the others, of several."""
    steps: list[Step] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append(Step(line[2:]))
        elif line.startswith("> ") and not steps[-1].shown:
            steps[-1].command += f"\n{line[2:]}"
        else:
            steps[-1].shown.append(line)
    return steps


def sessions() -> list[object]:
    """Every session of every document, with the line it starts on: a console block and those that go on."""
    found: list[tuple[str, list[Step]]] = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            if match[1]:
                found[-1][1].extend(read_steps(match[2]))
            else:
                line = text.count("\n", 0, match.start()) + 1
                found.append((f"{name_of(path)}:{line}", read_steps(match[2])))
    return [pytest.param(steps, id=where) for where, steps in found]


def masked(line: str) -> str:
    """A line without its figures, hashes, ids made by chance, alignment, and the mark that begins a CSV."""
    line = re.sub(r"\b([a-z]{3,4})_[0-9a-z]{24,26}\b", r"\1_ID", line)
    line = re.sub(r"\bkey_\w{8}\b|\blb_live_\w{59}\b", "KEY", line)
    line = re.sub(r"\b[0-9a-f]{32,64}\b", "HASH", line)
    line = re.sub(r"[<>]?\d[\d,.]*", "#", line)
    return " ".join(line.removeprefix("\ufeff").split())


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether the lines shown are those printed; ``...`` stands for any number of lines."""
    if not shown:
        return not printed
    if shown[0] == REST:
        return any(agrees(shown[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    return bool(printed) and masked(shown[0]) == masked(printed[0]) and agrees(shown[1:], printed[1:])


@pytest.fixture
def terminal(tmp_path):
    """A terminal in an empty folder that has the network data and the command of this tree."""
    commands = tmp_path / "bin"
    commands.mkdir()
    command = commands / "landbridge"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT / "cli.py"}" "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "network_data").symlink_to(ROOT / "network_data")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LANDBRIDGE_")}
    environment |= {
        "LANDBRIDGE_WARM_ROUTES": "false",
        "PATH": f"{commands}{os.pathsep}{environment['PATH']}",
        "LC_ALL": "C.UTF-8",
    }
    environment["LANDBRIDGE_PORT"] = str(free_port())
    with Terminal(folder, environment) as found:
        yield found, f":{environment['LANDBRIDGE_PORT']}"


@pytest.mark.parametrize("steps", sessions())
def test_a_session_prints_what_the_document_shows(steps, terminal):
    shell, port = terminal
    for step in steps:
        # The tests run inside the environment that make would set up: what it then runs is run here.
        line = MAKE_PLAN if step.command == "make plan" else step.command.replace(SERVED, port)
        code, printed = shell.run(line)
        assert code == 0, f"$ {step.command}\n{printed}"
        if step.shown:
            assert agrees(step.shown, printed.splitlines()), f"$ {step.command}\n{printed}"


def python_sessions() -> list[object]:
    """The examples in Python of every document that has some, as one session each."""
    found = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        # Everything else gives way to empty lines: an example keeps its line, and ends where its block ends.
        kept = ["\n"] * (text.count("\n") + 1)
        for match in PYTHON_FENCE.finditer(text):
            first = text.count("\n", 0, match.start(1))
            lines = match[1].splitlines(keepends=True)
            kept[first : first + len(lines)] = lines
        examples = doctest.DocTestParser().get_doctest("".join(kept), {}, name_of(path), name_of(path), 0)
        if examples.examples:
            found.append(pytest.param(examples, id=name_of(path)))
    return found


class Figures(doctest.OutputChecker):
    """Output agrees as that of commands does: figures may change, ``...`` stands for any lines."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        del optionflags
        return agrees(want.splitlines(), got.splitlines())


@pytest.mark.parametrize("examples", python_sessions())
def test_examples_in_python_print_what_the_document_shows(examples, tmp_path, monkeypatch):
    (tmp_path / "network_data").symlink_to(ROOT / "network_data")
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    doctest.DocTestRunner(checker=Figures()).run(examples, out=said.append)
    assert not said, "".join(said)


def dry_run(target: str) -> subprocess.CompletedProcess[str]:
    """What make would do, also where these tests were themselves started by make."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", "--dry-run", "--no-print-directory", target],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_plan_runs_what_the_test_of_the_readme_runs():
    assert dry_run("plan").stdout.splitlines()[-1] == f".venv/bin/{MAKE_PLAN}"


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"`make (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"))))
)
def test_make_knows_every_target_that_the_readme_names(target):
    done = dry_run(target)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_to_files_of_the_project(path):
    targets = {link.partition("#")[0] for link in LINK.findall(path.read_text(encoding="utf-8"))}
    local = {target for target in targets if target and "://" not in target}
    assert [target for target in sorted(local) if not (path.parent / target).exists()] == []


def test_every_decision_is_in_the_index_with_two_sentences():
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    for record in sorted((ROOT / "docs/decisions").glob("[0-9]*.md")):
        (row,) = [line for line in index.splitlines() if f"({record.name})" in line]
        summary = row.split("|")[2].strip()
        assert len(re.findall(r"[.](?:\s|$)", summary)) == 2, record.name


def test_a_session_that_differs_is_told_from_one_that_agrees():
    assert agrees(["a 1", REST, "c 12.5 %"], ["a   7", "b", "c 3 %"])
    assert not agrees(["a 1", "c 12.5 %"], ["a 7", "b", "c 3 %"])
    assert not agrees(["a 1"], ["a 1", "b"])
