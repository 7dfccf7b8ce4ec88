"""Public names of a package that are loaded from their modules when they are first asked for (PEP 562)."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class _Package(ModuleType):
    """A package with public names that are names of its modules as well.

    ``planner.solve`` is a module with the function ``solve``. Python binds a module to its package once it is
    loaded, by whomever; the public name would then be function or module as it happens. Here it is always the
    function. ``from planner.solve import ...`` finds the module all the same.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and name in self.__all__):
            super().__setattr__(name, value)


def on_demand(
    package: str, homes: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a package.

    Parameters
    ----------
    homes
        Module to the names it has.
    """
    module_of = {name: module for module, names in homes.items() for name in names}
    own = sys.modules[package]
    own.__class__ = _Package

    def load(name: str) -> object:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found: object = getattr(import_module(module_of[name]), name)
        setattr(own, name, found)
        return found

    def list_names() -> list[str]:
        return sorted({*vars(own), *module_of})

    return load, list_names
