"""Strict JSON: a value together with its JSON pointer, and typed ways to read it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from planner.clock import to_minutes
from planner.errors import InputError, Issue
from planner.reading.cells import FIRST_YEAR, LAST_YEAR, CellError, parse_date, suggest
from planner.reading.codes import (
    BLANK,
    CHARACTER,
    EMPTY,
    MISSING,
    NOT_A_CHOICE,
    NOT_A_NUMBER,
    NOT_A_TIME,
    OUT_OF_RANGE,
    TOO_LARGE,
    TOO_LONG,
    TWICE,
    UNKNOWN,
    UNREADABLE,
    WRONG_TYPE,
)
from planner.reading.files import shorten

T = TypeVar("T")

MAX_DEPTH = 64
"""Most objects and lists inside each other; a plan has eight."""
_TOO_DEEP = "lists and objects are nested too deeply"
_MOST_DIGITS = 18
"""Whole numbers of so many digits fit 64 bits."""
_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:00Z")
_EXACT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?|-?[0-9]{1,30}/[1-9][0-9]{0,29}")
_WHAT = {dict: "an object", list: "a list", str: "a text", int: "a whole number", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class _Flaw:
    """Stands in the parsed tree where JSON holds something that no value can be made of."""

    shown: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value that knows where it stands. Every reading method raises InputError if it does not fit."""

    file: str
    pointer: str
    value: object

    def refusal(self, reason: str, hint: str = "", *, code: str = WRONG_TYPE) -> InputError:
        """Make the error that names this place; the caller raises it."""
        shown = self.value if isinstance(self.value, str) else json.dumps(self.value, default=str)
        where = self.pointer or "/"
        return InputError(
            [Issue(file=self.file, column=where, value=shorten(shown), reason=reason, hint=hint, code=code)]
        )

    def children(self, keys: Sequence[str]) -> dict[str, Node]:
        """Members of an object that has exactly these keys."""
        found = self._typed(dict)
        issues = [
            Issue(
                file=self.file,
                column=join(self.pointer, key),
                reason="is missing",
                hint="restore it",
                code=MISSING,
            )
            for key in keys
            if key not in found
        ]
        issues += [
            Issue(
                file=self.file,
                column=join(self.pointer, key),
                reason="is not known here",
                hint=suggest(key, keys),
                code=UNKNOWN,
            )
            for key in found
            if key not in keys
        ]
        if issues:
            raise InputError(issues)
        return {key: Node(self.file, join(self.pointer, key), found[key]) for key in keys}

    def child(self, key: str) -> Node:
        """Member of an object that is known to have it."""
        return Node(self.file, join(self.pointer, key), self._typed(dict)[key])

    def each(self, read: Callable[[Node], T]) -> tuple[T, ...]:
        """All items of a list, read one by one; the faults of all items are raised together."""
        results: list[T] = []
        issues: list[Issue] = []
        for number, item in enumerate(self._typed(list)):
            try:
                results.append(read(Node(self.file, join(self.pointer, number), item)))
            except InputError as fault:
                issues += fault.issues
        if issues:
            raise InputError(issues)
        return tuple(results)

    def optional(self, read: Callable[[Node], T]) -> T | None:
        """``None`` for null, else what ``read`` makes of it."""
        return None if self.value is None else read(self)

    def text(self) -> str:
        """Any text."""
        return self._typed(str)

    def name(self) -> str:
        """Text that is not empty."""
        if not self.text():
            raise self.refusal("is blank", code=BLANK)
        return self.text()

    def choice(self, choices: Sequence[str]) -> str:
        """One of ``choices``."""
        if self.text() not in choices:
            raise self.refusal(
                f"is not one of {', '.join(choices)}", suggest(self.text(), choices), code=NOT_A_CHOICE
            )
        return self.text()

    def flag(self) -> bool:
        """True or false."""
        return self._typed(bool)

    def whole(self, least: int | None = None) -> int:
        """Whole number, not below ``least``."""
        number = self._typed(int)
        if least is not None and number < least:
            raise self.refusal(f"is below {least}", code=OUT_OF_RANGE)
        return number

    def exact(self) -> Fraction:
        """Exact number written as text: ``0.08`` or ``1/3``."""
        if _EXACT.fullmatch(self.text()) is None:
            raise self.refusal("is not a number written as text", 'such as "10.30"', code=NOT_A_NUMBER)
        return Fraction(self.text())

    def day(self) -> date:
        """ISO date."""
        try:
            return parse_date(self.text())
        except CellError as fault:
            raise self.refusal(fault.reason, fault.hint, code=fault.code) from fault

    def minutes(self) -> int:
        """Minutes since the epoch of a UTC time to the minute, ``2027-03-04T00:00:00Z``."""
        if _UTC.fullmatch(self.text()) is None:
            raise self.refusal(
                "is no UTC time to the minute", "such as 2027-03-04T08:30:00Z", code=NOT_A_TIME
            )
        try:
            moment = datetime.fromisoformat(self.text())
        except ValueError:
            raise self.refusal("is no day or time of the calendar", code=NOT_A_TIME) from None
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise self.refusal(f"is outside the years {FIRST_YEAR} to {LAST_YEAR}", code=OUT_OF_RANGE)
        return to_minutes(moment)

    def _typed(self, kind: type[T]) -> T:
        # `type` and not `isinstance`: true is an int to Python, but no number to us.
        if type(self.value) is not kind:
            raise self.refusal(f"is not {_WHAT[kind]}")
        return self.value


def parse_json(data: bytes, file: str, max_depth: int = MAX_DEPTH, max_values: int | None = None) -> Node:
    """Parse UTF-8 JSON; duplicate keys, NaN, Infinity and overlong numbers are refused with their place.

    Parameters
    ----------
    max_depth
        Most objects and lists inside each other.
    max_values
        Most items of all lists and members of all objects together; ``None`` = as many as there are.

    Raises
    ------
    InputError
        With every such fault, or with the line where the text stops being JSON.
    """
    if not data.strip():
        raise InputError([Issue(file=file, reason="the file is empty", code=EMPTY)])
    try:
        root = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=lambda text: _Flaw(text, "is not a finite number", NOT_A_NUMBER),
            parse_int=lambda text: _number(text, int),
            parse_float=lambda text: _number(text, Decimal),
        )
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise InputError(
            [Issue(file=file, row=line, reason="holds a byte that is not UTF-8", code=UNREADABLE)]
        ) from fault
    except json.JSONDecodeError as fault:
        reason = f"is not JSON: {fault.msg}, character {fault.colno} of the line"
        raise InputError([Issue(file=file, row=fault.lineno, reason=reason, code=UNREADABLE)]) from fault
    except RecursionError as fault:
        raise InputError([Issue(file=file, reason=_TOO_DEEP, code=TOO_LARGE)]) from fault
    issues = [
        Issue(file=file, column=pointer or "/", value=shorten(flaw.shown), reason=flaw.reason, code=flaw.code)
        for pointer, flaw in _flaws(root, max_depth, max_values)
    ]
    if issues:
        raise InputError(issues)
    return Node(file, "", root)


def join(pointer: str, step: str | int) -> str:
    """JSON pointer (RFC 6901) one step further down."""
    return f"{pointer}/{str(step).replace('~', '~0').replace('/', '~1')}"


def _number(text: str, make: Callable[[str], object]) -> object:
    return make(text) if len(text) <= _MOST_DIGITS else _Flaw(text, "is too long a number", TOO_LONG)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        found[key] = _Flaw(key, "this key stands twice in one object", TWICE) if key in found else value
    return found


def _flaws(root: object, max_depth: int, max_values: int | None) -> Iterator[tuple[str, _Flaw]]:
    """Every flaw of the tree; with a stack of its own, because the tree may be deep."""
    todo: list[tuple[str, object, int]] = [("", root, 1)]
    num_values = 0
    while todo:
        pointer, value, depth = todo.pop()
        num_values += len(value) if isinstance(value, dict | list) else 0
        if max_values is not None and num_values > max_values:
            yield "", _Flaw("", f"holds more than {max_values:,} values", TOO_LARGE)
            return
        if isinstance(value, _Flaw):
            yield pointer, value
        elif isinstance(value, dict | list) and depth > max_depth:
            # The place would be as long as the file.
            yield "", _Flaw("", _TOO_DEEP, TOO_LARGE)
            return
        elif isinstance(value, str) and _is_broken(value):
            yield pointer, _Flaw(ascii(value), "holds half a character", CHARACTER)
        elif isinstance(value, dict):
            for key, child in reversed(value.items()):
                # A broken key is no pointer either; it is shown escaped.
                broken = _is_broken(key)
                step = join(pointer, ascii(key) if broken else key)
                flaw = _Flaw(ascii(key), "holds half a character", CHARACTER)
                todo.append((step, flaw if broken else child, depth + 1))
        elif isinstance(value, list):
            todo.extend(
                (join(pointer, number), item, depth + 1) for number, item in reversed(list(enumerate(value)))
            )


def _is_broken(text: str) -> bool:
    """True for text with a lone surrogate: JSON can write it, UTF-8 can't."""
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)
