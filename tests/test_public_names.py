"""What ``from planner import ...`` gives: the same to Python and type checkers, whatever is loaded before."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import planner


def seen_by_type_checkers() -> dict[str, str]:
    """Public name to the module that a type checker takes it from."""
    tree = ast.parse(Path(planner.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    return {
        alias.name: node.module or ""
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_type_checkers_see_every_public_name():
    assert sorted(seen_by_type_checkers()) == sorted(planner.__all__)


@pytest.mark.parametrize("name", planner.__all__)
def test_a_public_name_is_what_its_module_has(name):
    assert getattr(planner, name) is getattr(import_module(seen_by_type_checkers()[name]), name)


def test_a_function_with_the_name_of_its_module_is_the_function_whatever_was_loaded_before():
    names = "solve, compare, check"
    shown = "print(callable(solve), callable(compare), callable(check))"
    assert run(f"from planner import {names}; {shown}") == "True True True\n"
    modules = "import planner.check, planner.compare, planner.solve"
    assert run(f"{modules}; from planner import {names}; {shown}") == "True True True\n"


def test_public_names_are_listed_before_they_are_loaded():
    assert set(planner.__all__) <= set(dir(planner))


def test_a_name_that_is_not_public_is_missing():
    with pytest.raises(AttributeError, match="no attribute 'solvee'"):
        _ = planner.solvee


def test_importing_the_package_loads_nothing_of_it():
    loaded = run("import sys, planner; print(*(name for name in sys.modules if name.startswith('planner')))")
    assert set(loaded.split()) == {"planner", "planner.on_demand"}
