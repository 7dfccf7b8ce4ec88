"""Whether every field of a plan holds what its class declares, so that the other rules can rely on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, ClassVar, NewType, Union, get_args, get_origin, get_type_hints

FieldRule = tuple[str, frozenset[type], type[Any], bool]
"""Name of a field, types it may hold, class of what is inside (``NoneType``: nothing), is it a dataclass."""


class ShapeRules:
    """Reads the declarations of dataclasses once in a process and holds values against them.

    Plain types have to match exactly: a truth value is no whole number here, and a moment is no day.
    """

    # Of every class met so far, by any instance: to evaluate annotations is slow, and they never change.
    _rules: ClassVar[dict[type[Any], tuple[FieldRule, ...]]] = {}

    def list_ill_typed(self, value: object, declared: type[Any], path: str) -> Iterator[tuple[str, object]]:
        """Path and content of every field, however deep, that does not hold what its class declares."""
        # Nearly all do, and to look for that alone is quicker.
        if not self._is_well_typed(value, declared):
            yield from self._list_in(value, declared, path)

    def _is_well_typed(self, value: object, declared: type[Any]) -> bool:
        if type(value) is not declared:
            return False
        for name, allowed, nested, is_deep in self._rules_of(declared):
            content = getattr(value, name)
            if type(content) not in allowed:
                return False
            if type(content) is tuple:
                if is_deep:
                    if not all(self._is_well_typed(item, nested) for item in content):
                        return False
                elif any(type(item) is not nested for item in content):
                    return False
            elif is_deep and content is not None and not self._is_well_typed(content, nested):
                return False
        return True

    def _list_in(self, value: object, declared: type[Any], path: str) -> Iterator[tuple[str, object]]:
        if type(value) is not declared:
            yield path, value
            return
        for name, allowed, nested, is_deep in self._rules_of(declared):
            content = getattr(value, name)
            here = f"{path}.{name}"
            if type(content) not in allowed:
                yield here, content
            elif isinstance(content, tuple):
                for number, item in enumerate(content):
                    yield from self._list_in(item, nested, f"{here}[{number}]")
            elif is_deep and content is not None:
                yield from self._list_in(content, nested, here)

    def _rules_of(self, declared: type[Any]) -> tuple[FieldRule, ...]:
        if declared not in self._rules:
            self._rules[declared] = tuple(_list_rules(declared)) if is_dataclass(declared) else ()
        return self._rules[declared]


def _list_rules(declared: type[Any]) -> Iterator[FieldRule]:
    hints = get_type_hints(declared)
    for field in fields(declared):
        nested = _nested_in(hints[field.name])
        yield field.name, frozenset(_plain_types(hints[field.name])), nested, is_dataclass(nested)


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
