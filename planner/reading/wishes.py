"""Alternatives as text: ``south=modes=rail;not-via=RU,BY`` -> wishes that hold for every batch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planner.errors import InputError, Issue
from planner.model.alternatives import ALTERNATIVES, Alternative
from planner.model.batches import MAX_VIA
from planner.reading.batch_rules import parse_banned_mode, parse_mode
from planner.reading.cells import CellError, suggest
from planner.reading.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from planner.model.problem import Problem

OPTION = "--alternative"
ONLY = "--only"
KEYS = ("modes", "not-modes", "needs", "via", "not-via")
EXAMPLE = "write NAME=KEY=VALUES;KEY=VALUES, such as south=modes=rail;not-via=RU,BY"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def read_alternatives(
    problem: Problem, written: Sequence[str], only: Sequence[str] = ()
) -> tuple[Alternative, ...]:
    """The alternatives that always are compared and those that a person wrote.

    Parameters
    ----------
    only
        Names of those to keep, in this order; empty = all.

    Raises
    ------
    InputError
        With every fault of every alternative; if there is none, where it can't be asked of a batch.
    """
    names = Names(problem.network)
    found = {alternative.name: alternative for alternative in ALTERNATIVES}
    issues: list[Issue] = []
    for text in written:
        try:
            alternative = _read(text, names)
        except InputError as error:
            issues += error.issues
            continue
        if alternative.name in found:
            issues.append(_issue(text, f"{alternative.name} is the name of another alternative"))
        found[alternative.name] = alternative
    for name in only:
        if name not in found:
            hint = suggest(name, found) or f"there are {', '.join(found)}"
            reason = "is no alternative"
            issues.append(Issue(file=ONLY, value=name, reason=reason, hint=hint))
    if issues:
        raise InputError(issues)
    chosen = tuple(found[name] for name in dict.fromkeys(only or found))
    _refuse_impossible(problem, chosen)
    return chosen


def _refuse_impossible(problem: Problem, alternatives: Sequence[Alternative]) -> None:
    """Make sure that every alternative can be asked of every batch.

    Raises
    ------
    InputError
        Where a batch would have to meet more places than a batch may.
    """
    issues = []
    for alternative in alternatives:
        for batch in problem.batches:
            try:
                alternative.apply(batch)
            except ValueError as error:
                issues.append(Issue(file=OPTION, value=alternative.name, reason=str(error)))
    if issues:
        raise InputError(issues)


def _read(text: str, names: Names) -> Alternative:
    name, equals, wishes = text.partition("=")
    if not equals or not _NAME.fullmatch(name):
        known = name in {alternative.name for alternative in ALTERNATIVES}
        hint = f"{name} is compared anyway; {ONLY} chooses" if known else EXAMPLE
        raise InputError([_issue(text, "is no name with wishes", hint)])
    read: dict[str, tuple[str, ...]] = {}
    issues: list[Issue] = []
    for wish in filter(None, map(str.strip, wishes.split(";"))):
        key, equals, values = wish.partition("=")
        if key not in KEYS or not equals:
            reason = f"{wish!r} asks for nothing known"
            issues.append(_issue(text, reason, suggest(key, KEYS) or f"keys are {', '.join(KEYS)}"))
        elif key in read:
            issues.append(_issue(text, f"{key} stands twice", "list its values with commas"))
        else:
            read[key] = tuple(_values(text, key, values, _parser(key, names), issues))
    if not read and not issues:
        issues.append(_issue(text, "asks for nothing", EXAMPLE))
    if len(read.get("via", ())) > MAX_VIA:
        issues.append(_issue(text, f"via names more than {MAX_VIA} places"))
    if issues:
        raise InputError(issues)
    return Alternative(
        name=name,
        modes=read.get("modes", ()),
        not_modes=read.get("not-modes", ()),
        needed_modes=read.get("needs", ()),
        via=tuple(map(names.parse_place, read.get("via", ()))),
        not_via=read.get("not-via", ()),
    )


def _parser(key: str, names: Names) -> Callable[[str], str]:
    return {
        "modes": parse_mode,
        "needs": parse_mode,
        "not-modes": parse_banned_mode,
        "via": names.parse_place,
        "not-via": names.parse_banned,
    }[key]


def _values(
    text: str, key: str, values: str, parse: Callable[[str], str], issues: list[Issue]
) -> Iterator[str]:
    for value in dict.fromkeys(values.split(",")):
        try:
            yield parse(value.strip())
        except CellError as error:
            issues.append(_issue(text, f"{key}: {value.strip()!r} {error.reason}", error.hint))


def _issue(text: str, reason: str, hint: str = "") -> Issue:
    return Issue(file=OPTION, value=text, reason=reason, hint=hint)
