"""Whether every field of a plan holds what its class declares, so that the other rules can rely on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, ClassVar, NewType, Union, get_args, get_origin, get_type_hints

FieldRule = tuple[str, frozenset[type], type[Any]]
"""Name of a field, types it may hold, class of what is inside (``NoneType``: nothing)."""


class ShapeRules:
    """Reads the declarations of dataclasses once in a process and holds values against them.

    Plain types have to match exactly: a truth value is no whole number here, and a moment is no day.
    """

    # Of every class met so far, by any instance: to evaluate annotations is slow, and they never change.
    _rules: ClassVar[dict[type[Any], tuple[FieldRule, ...]]] = {}

    def list_ill_typed(self, value: object, declared: type[Any], path: str) -> Iterator[tuple[str, object]]:
        """Path and content of every field, however deep, that does not hold what its class declares."""
        if type(value) is not declared:
            yield path, value
            return
        if not is_dataclass(declared):
            return
        for name, allowed, nested in self._rules_of(declared):
            content = getattr(value, name)
            here = f"{path}.{name}"
            if type(content) not in allowed:
                yield here, content
            elif isinstance(content, tuple):
                for number, item in enumerate(content):
                    yield from self.list_ill_typed(item, nested, f"{here}[{number}]")
            elif is_dataclass(nested) and content is not None:
                yield from self.list_ill_typed(content, nested, here)

    def _rules_of(self, declared: type[Any]) -> tuple[FieldRule, ...]:
        if declared not in self._rules:
            hints = get_type_hints(declared)
            self._rules[declared] = tuple(
                (field.name, frozenset(_plain_types(hints[field.name])), _nested_in(hints[field.name]))
                for field in fields(declared)
            )
        return self._rules[declared]


def _plain_types(hint: object) -> Iterator[type]:
    if isinstance(hint, NewType):
        yield from _plain_types(hint.__supertype__)
    elif get_origin(hint) in (Union, UnionType):
        for member in get_args(hint):
            yield from _plain_types(member)
    else:
        plain = get_origin(hint) or hint
        if isinstance(plain, type):
            yield plain


def _nested_in(hint: object) -> type[Any]:
    """The dataclass in ``X``, ``X | None``, ``tuple[X, ...]`` or both; else the plain type in a tuple."""
    inside = (hint, *get_args(hint), *(deep for member in get_args(hint) for deep in get_args(member)))
    for member in inside:
        if isinstance(member, type) and is_dataclass(member):
            return member
    if get_origin(hint) is tuple and isinstance(inside[1], type):
        return inside[1]
    return NoneType
