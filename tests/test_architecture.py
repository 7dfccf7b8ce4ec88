"""The house rules that no type checker knows: who imports whom, who prints, what the tree may not hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.conftest import HEAVY

ROOT = Path(__file__).resolve().parent.parent

OWNERS = {
    "ortools": ("planner/solver/",),
    "numba": ("planner/solver/",),
    "numpy": ("planner/network/", "planner/solver/", "planner/slots.py"),
    "networkx": ("planner/network/map_graph.py",),
    "pandas": ("planner/reading/", "planner/render/"),
    "pydantic": ("planner/reading/", "service/"),
    "fastapi": ("service/",),
    "sqlalchemy": ("service/",),
}
"""Libraries with a home: only files below these paths import them."""

PLANNING = ("planner.network", "planner.solver", "planner.solve", "planner.slots", "planner.assemble")
NOT_SHARED = {
    "planner/check.py": PLANNING,
    "planner/checking/": PLANNING,
    "planner/costing.py": PLANNING,
    "planner/emissions.py": PLANNING,
    "planner/pricebook.py": PLANNING,
    "planner/slack.py": PLANNING,
    "planner/sums.py": PLANNING,
    "planner/reading/": ("planner.network", "planner.solver", "planner.solve"),
    "planner/render/": ("planner.solver", "planner.solve"),
}
"""Whose independence is the point: files that must not import these packages."""


def list_sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parse(path: Path) -> ast.Module:
    """A file, read once for all tests."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def list_imports(path: Path) -> frozenset[str]:
    """Every module a file imports, also inside functions and under TYPE_CHECKING."""
    found: set[str] = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative import"
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def is_below(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def list_tracked() -> list[Path]:
    """Files under version control; in an unpacked archive without git, none."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_with_a_home_is_imported_only_there(library):
    sources = [*list_sources("planner", "service"), ROOT / "cli.py"]
    strangers = [
        name_of(path)
        for path in sources
        if any(is_below(module, library) for module in list_imports(path))
        and not name_of(path).startswith(OWNERS[library])
    ]
    assert strangers == []


@pytest.mark.parametrize("place", NOT_SHARED)
def test_what_has_to_stay_independent_imports_nothing_of_it(place):
    sources = [path for path in list_sources("planner") if name_of(path).startswith(place)]
    assert sources, "the rule speaks of files that are no more"
    shared = [
        f"{name_of(path)} imports {module}"
        for path in sources
        for module in list_imports(path)
        if any(is_below(module, package) for package in NOT_SHARED[place])
    ]
    assert shared == []


def test_imports_point_down_only():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_line_is_imported_by_nobody():
    assert [name_of(p) for p in list_sources("planner", "service") if "cli" in list_imports(p)] == []


def test_the_library_never_prints():
    prints = [
        f"{name_of(path)}:{node.lineno}"
        for path in list_sources("planner")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in {"print", "input"})
            or ast.unparse(node.func) in {"sys.stdout.write", "sys.stderr.write"}
        )
    ]
    assert prints == []


def list_statements(path: Path) -> Iterator[ast.stmt]:
    """Statements of a file, those that only a type checker or only Python sees among them."""
    for node in parse(path).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from (*node.body, *node.orelse)
        else:
            yield node


def test_init_files_list_names_and_do_nothing_else():
    allowed = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign)
    busy = [
        f"{name_of(path)}:{node.lineno}"
        for path in list_sources("planner", "service")
        if path.name == "__init__.py"
        for node in list_statements(path)
        if not isinstance(node, allowed) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    ]
    assert busy == []


REQUIREMENTS = ("base", "postgres", "build", "dev")
"""To run it, to run it on PostgreSQL, to build the wheel, to work on it."""
MACHINE_PATH = re.compile(
    r"(?<![\w.:/~*-])/(?!usr/bin/env\b)(?:home|root|Users|work|opt|mnt|tmp|var|usr|private)/[\w.]"
)
REGISTRY = re.compile(
    r"(?:pypi|pythonhosted|npmjs|yarnpkg|crates|anaconda)\.(?:org|com|io)|index-url|/simple/", re.IGNORECASE
)
MAY_NAME_PATHS = {"tests/test_architecture.py", "LICENSE"}


def list_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def list_hits(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {line.strip()[:80]}"
        for path in list_tracked()
        if name_of(path) not in MAY_NAME_PATHS
        for number, line in enumerate(list_lines(path), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_one_machine():
    """So no test can read outside the project either: it would have to name where."""
    assert list_hits(MACHINE_PATH) == []


def test_no_file_names_a_package_registry():
    assert list_hits(REGISTRY) == []


def test_the_patterns_find_what_they_are_for():
    assert MACHINE_PATH.search('open("/ho' + 'me/someone/x.csv")')
    assert REGISTRY.search("https://files.pyth" + "onhosted.org/packages/x.whl")
    assert not MACHINE_PATH.search("https://example.org/opt/x")


def test_no_lock_file_with_addresses_is_tracked():
    assert [name_of(p) for p in list_tracked() if p.name in {"uv.lock", "poetry.lock", "Pipfile.lock"}] == []


def test_the_wheel_holds_the_program_and_the_data_and_nothing_else(tmp_path):
    pytest.importorskip("hatchling", reason="hatchling builds the wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in names} == {"cli.py", "network_data", "planner", "service"}
    assert {"planner/py.typed", "network_data/places.csv", "network_data/batches/month.csv"} <= names
    tracked = {
        name_of(path)
        for path in list_tracked()
        if name_of(path).startswith(("planner/", "service/", "network_data/"))
    }
    assert tracked <= names, "migrations, templates and tables go along, whatever their ending"
    assert {"service/store/migrations/env.py", "service/web/templates/base.html"} <= names


def wanted_by(name: str) -> list[str]:
    """What a requirement file has to hold, as pyproject.toml asks for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    if name == "build":
        return list(groups["build"])
    wanted = list(project["project"]["dependencies"])
    if name == "postgres":
        wanted += project["project"]["optional-dependencies"]["postgres"]
    if name == "dev":
        for item in groups["dev"]:
            wanted += [item] if isinstance(item, str) else groups[item["include-group"]]
    return wanted


def read_pins(name: str) -> dict[str, list[Version]]:
    """Versions of each package in a requirement file; every one has its hashes."""
    listed = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    pinned: dict[str, list[Version]] = {}
    for entry in listed.replace("\\\n", " ").splitlines():
        requirement, _, hashes = entry.partition("--hash=")
        assert hashes.startswith("sha256:"), entry
        parsed = Requirement(requirement)
        (pin,) = parsed.specifier
        assert pin.operator == "=="
        pinned.setdefault(parsed.name, []).append(Version(pin.version))
    return pinned


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirement_files_hold_every_dependency_with_hashes(name):
    """A dependency added to pyproject.toml without `make requirements` fails here, not on a fresh machine."""
    pinned = read_pins(name)
    for text in wanted_by(name):
        requirement = Requirement(text)
        versions = pinned.get(requirement.name, [])
        assert versions, f"{requirement.name} is missing: make requirements"
        assert all(version in requirement.specifier for version in versions), f"{text}: make requirements"


def test_all_requirement_files_pin_the_same_versions():
    """What is installed on a server is what was tested."""
    tested = read_pins("dev")
    strangers = [
        (name, package)
        for name in REQUIREMENTS
        for package, versions in read_pins(name).items()
        if tested.get(package) != versions
    ]
    assert strangers == []


def test_what_the_program_imports_is_in_the_requirement_files_to_run_it():
    owners = metadata.packages_distributions()
    sources = [*list_sources("planner", "service", "network_data"), ROOT / "cli.py"]
    imported = {module.partition(".")[0] for path in sources for module in list_imports(path)}
    own = {"planner", "service", "network_data", "cli", *sys.stdlib_module_names}
    wanted = {owners[name][0].lower().replace("_", "-") for name in imported - own if name in owners}
    assert imported - own - set(owners) == set()
    assert {"fastapi", "sqlalchemy", "uvicorn"} <= wanted
    assert wanted <= set(read_pins("base"))


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_extras_that_packages_ask_for_are_pinned_with_them(name):
    """A pin without the extra is another package to pip: it takes the newest, which has no hash."""
    listed = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    pins = [Requirement(entry.partition("--hash=")[0]) for entry in listed.splitlines()]
    extras_of = {pin.name: pin.extras for pin in pins}
    wanted = [
        (pin.name, requirement.name, extra)
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
        for text in metadata.requires(pin.name) or ()
        for requirement in [Requirement(text)]
        if requirement.marker is None
        or any(requirement.marker.evaluate({"extra": own}) for own in ("", *pin.extras))
        for extra in requirement.extras
    ]
    assert [ask for ask in wanted if ask[2] not in extras_of.get(ask[1], set())] == []
    assert wanted or name != "dev"


def test_files_that_two_cores_begin_with_are_there():
    assert [name for name in HEAVY if not (ROOT / name).is_file()] == []
